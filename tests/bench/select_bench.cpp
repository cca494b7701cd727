// What the gather costs behind filter and select: ns of user time a row in, for a batch of ten columns (five numbers, a boolean,
// four texts) of which select keeps four, by share of rows kept. The plugin's own tables are called as the host does:
//
//   filter               picks the rows, passes the batch on with its selection
//   + early, ten         the host gathers all columns before select, as for a link that takes no selections
//   + early, read        the same, but of the columns that are read behind only: the others are stood in for
//   + late, four         select hands the selection on; the host gathers the columns that are left, once
//   + never              who takes the rows takes the selection too
#include <malloc.h>

#include <cstdlib>
#include <random>
#include <string>

#include <weir/testing.hpp>
#include <weir/weir.hpp>

#include "arrow/gather.hpp"
#include "bench.hpp"

namespace {

using weir::arrow::SharedArray;

constexpr std::int64_t kRows = 65536;

weir::Array make_rows(std::mt19937& random) {
  std::vector<weir::Array> columns;
  for (int i = 0; i < 5; ++i) {
    weir::NumberBuilder<std::int64_t> numbers;
    for (std::int64_t row = 0; row < kRows; ++row) numbers.append(static_cast<std::int64_t>(random() % 100));
    columns.push_back(numbers.finish());
  }
  weir::BooleanBuilder flags;
  for (std::int64_t row = 0; row < kRows; ++row) flags.append(random() % 2 == 0);
  columns.push_back(flags.finish());
  for (int i = 0; i < 4; ++i) {
    weir::TextBuilder texts;
    for (std::int64_t row = 0; row < kRows; ++row) texts.append(std::string(random() % 20, 'x'));
    columns.push_back(texts.finish());
  }
  return weir::rows_of(kRows, std::move(columns));
}

weir::Schema make_schema() {
  static constexpr const char* kFormats[] = {"l", "l", "l", "l", "l", "b", "u", "u", "u", "u"};
  std::vector<weir::Schema> fields;
  for (const char* format : kFormats)
    fields.push_back(weir::Schema::field(format, "c" + std::to_string(fields.size())));
  return weir::Schema::rows(std::move(fields));
}

// Takes what a link passes on, as the host does: a selection is copied, rows are shared.
struct Taken : weir_next {
  Taken() : weir_next{sizeof(weir_next), take_push, take_select, take_reject, take_drop} {}
  SharedArray rows;
  std::vector<std::uint32_t> selection;

 private:
  static Taken& of(const weir_next* self) { return *const_cast<Taken*>(static_cast<const Taken*>(self)); }
  static weir_status take_push(const weir_next* self, std::uint64_t, weir_batch* batch) {
    of(self).rows = SharedArray(weir::Array(&batch->rows));
    return WEIR_OK;
  }
  static weir_status take_select(const weir_next* self, std::uint64_t, const std::uint32_t* rows, std::uint64_t count) {
    of(self).selection.assign(rows, rows + count);
    return WEIR_OK;
  }
  static weir_status take_reject(const weir_next*, const weir_reject*) { std::abort(); }
  static weir_status take_drop(const weir_next*, std::uint64_t, weir_string) { return WEIR_OK; }
};

// An instance of a transformer of the plugin.
class Link {
 public:
  Link(const char* component, weir::testing::Options options, const ArrowSchema& input)
      : table_(*static_cast<const weir_transformer*>(weir::testing::component_of(weir_plugin_v1(), component)->table)),
        surroundings_(std::move(options)) {
    weir_error error = weir::testing::no_error();
    const ArrowSchema* inputs[] = {&input};
    const weir_string names[] = {{nullptr, 0}};
    if (table_.create(surroundings_.context(), inputs, names, 1, schemas_.sink(), &self_, &error) != WEIR_OK) {
      std::fprintf(stderr, "%s: %s\n", component, error.message);
      std::exit(1);
    }
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() { table_.destroy(self_); }

  const ArrowSchema& output() const { return schemas_.kept[0].get(); }
  void process(const SharedArray& rows, const std::vector<std::uint32_t>* selection, Taken& taken) {
    weir_batch batch = weir::testing::batch_of(rows.view());
    if (selection != nullptr) {
      batch.selected = selection->data();
      batch.selected_count = selection->size();
    }
    weir_error error = weir::testing::no_error();
    if (table_.process(self_, 0, &batch, &taken, &error) != WEIR_OK) std::abort();
    if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
  }

 private:
  const weir_transformer& table_;
  weir::testing::Surroundings surroundings_;
  weir::testing::Schemas schemas_;
  void* self_ = nullptr;
};

SharedArray gathered(const SharedArray& rows, const ArrowSchema& schema, const std::vector<std::uint32_t>& selection,
                     const weir::arrow::Columns& read = {}) {
  auto made = weir::arrow::gather(rows, schema, selection, read);
  if (!made) std::abort();
  return SharedArray(std::move(*made));
}

template <class Body>
double ns_a_row(Body&& body) {
  constexpr int kTimes = 100;
  const double seconds = weir::bench::median_seconds([&] {
    for (int i = 0; i < kTimes; ++i) body();
  });
  return seconds * 1e9 / static_cast<double>(kRows * kTimes);
}

}  // namespace

int main() {
  // As the program does: what was freed stays mapped, or each batch pays for its pages anew.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  std::mt19937 random(1);
  const weir::Schema schema = make_schema();
  const SharedArray rows(make_rows(random));
  std::printf("ns a row in %22s %12s %13s %12s %12s\n", "filter", "+ early, ten", "+ early, read", "+ late, four",
              "+ never");
  const weir::arrow::Columns selects{false, true, true, false, false, true, true, false, false, false};
  for (const int percent : {10, 50, 90}) {
    Link filter("filter", {{"/where", "c0 < " + std::to_string(percent)}}, schema.get());
    Link select("select", {{"/keep/0", "c1"}, {"/keep/1", "c2"}, {"/keep/2", "c6"}, {"/keep/3", "c5"}}, schema.get());
    Taken picked, selected;
    const double alone = ns_a_row([&] { filter.process(rows, nullptr, picked); });
    const double early = ns_a_row([&] {
      filter.process(rows, nullptr, picked);
      select.process(gathered(rows, schema.get(), picked.selection), nullptr, selected);
    });
    const double read = ns_a_row([&] {
      filter.process(rows, nullptr, picked);
      select.process(gathered(rows, schema.get(), picked.selection, selects), nullptr, selected);
    });
    const double late = ns_a_row([&] {
      filter.process(rows, nullptr, picked);
      select.process(rows, &picked.selection, selected);
      gathered(selected.rows, select.output(), picked.selection);
    });
    const double never = ns_a_row([&] {
      filter.process(rows, nullptr, picked);
      select.process(rows, &picked.selection, selected);
    });
    std::printf("%3d %% of rows pass %16.2f %12.2f %13.2f %12.2f %12.2f\n", percent, alone, early, read, late, never);
  }
  return 0;
}
