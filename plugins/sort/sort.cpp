// The plugin sort: a transformer that passes all rows on in order.
#include <algorithm>
#include <atomic>
#include <numeric>
#include <string>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/row_bytes.hpp>
#include <weir/weir.hpp>

#include "runs.hpp"
#include "sort_keys.hpp"
#include "weir_plugin_info.h"

namespace weir::sort {
namespace {

constexpr std::int64_t kRowsInBatch = 65536;
constexpr std::size_t kBytesInBatch = 4U << 20U;

std::vector<std::int64_t> all_columns(const ArrowSchema& rows) {
  std::vector<std::int64_t> columns(static_cast<std::size_t>(rows.n_children));
  std::iota(columns.begin(), columns.end(), 0);
  return columns;
}

std::vector<const ArrowSchema*> fields_of_rows(const ArrowSchema& rows) {
  return {rows.children, rows.children + rows.n_children};
}

}  // namespace

// Threads: one caller at a time, but cancel().
class Sort : public Transformer {
 public:
  Sort(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : input_(Schema::copy_of(inputs[0])),
        output_(plain_schema(inputs[0])),
        keys_(context.config(), input_.get()),
        columns_(all_columns(input_.get())),
        runs_(static_cast<std::uint64_t>(context.config().integer("/memory")), cancelled_) {
    outputs.same(output_.get());
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.scope = WEIR_SCOPE_RUN;
    traits.ordered = 1;  // so that equal rows stay in the order of the source
    traits.rows = WEIR_ROWS_ONCE;
  }

  // The batch becomes a run: its rows as bytes, in order.
  void process(std::uint64_t /*input*/, Batch& batch, const Next& /*next*/) override {
    key_bytes_.resize(0);
    row_bytes_.resize(0);
    key_ends_.assign(1, 0);
    row_ends_.assign(1, 0);
    keys_.append(batch, key_bytes_, key_ends_);
    const RowWriter writer(input_.get(), columns_, batch.rows());
    for (std::int64_t row = 0; row < batch.length(); ++row) {
      writer.append(row_bytes_, row);
      row_ends_.push_back(row_bytes_.size());
    }
    runs_.add(sorted(static_cast<std::size_t>(batch.length())));
  }

  void flush(std::uint64_t /*input*/, std::int32_t why, const Next& next) override {
    if (why != WEIR_FLUSH_END) return;
    RowReader reader(fields_of_rows(output_.get()));
    std::int64_t rows = 0;
    std::size_t bytes = 0;
    const auto push = [&] {
      if (rows > 0) next.push(rows_of(rows, reader.finish()));
      rows = 0;
      bytes = 0;
    };
    runs_.merge([&](const Record& record) {
      reader.append(record.row.data());
      bytes += record.row.size();
      if (++rows == kRowsInBatch || bytes >= kBytesInBatch) push();
    });
    push();
  }

  void take(const Sink& items) {
    runs_.take([&](const Buffer& run) {
      if (run.size() > 0) items.put({reinterpret_cast<const char*>(run.data()), run.size()});
    });
  }
  void merge(const PartialItems& items) {
    for (std::uint64_t i = 0; i < items.size(); ++i) {
      Buffer run;
      run.append(items[i].data(), items[i].size());
      runs_.add(std::move(run));
    }
  }

  // Where a column is passed on as it is, nobody behind it may need it.
  void reads(std::uint64_t /*input*/, const Sink& names) const {
    for (const std::int64_t column : keys_.columns()) names.put(column_name(input_.get(), column));
  }

  void cancel() noexcept override { cancelled_ = true; }

 private:
  struct Entry {
    Lead lead;
    std::uint32_t row;
  };
  std::string_view key(std::uint32_t row) const {
    return {reinterpret_cast<const char*>(key_bytes_.data()) + key_ends_[row], key_ends_[row + 1] - key_ends_[row]};
  }
  Buffer sorted(std::size_t rows) const {
    std::vector<Entry> entries(rows);
    for (std::uint32_t row = 0; row < rows; ++row) entries[row] = {lead_of(key(row)), row};
    std::sort(entries.begin(), entries.end(), [this](const Entry& a, const Entry& b) {
      if (a.lead != b.lead) return a.lead < b.lead;
      const int order = key(a.row).compare(key(b.row));
      return order != 0 ? order < 0 : a.row < b.row;
    });
    Buffer run(rows * (2 * sizeof(std::uint64_t)) + key_bytes_.size() + row_bytes_.size());
    for (const Entry& entry : entries) {
      const char* row = reinterpret_cast<const char*>(row_bytes_.data()) + row_ends_[entry.row];
      append_record(run, key(entry.row), {row, row_ends_[entry.row + 1] - row_ends_[entry.row]});
    }
    return run;
  }

  Schema input_, output_;
  SortKeys keys_;
  std::vector<std::int64_t> columns_;
  std::atomic<bool> cancelled_{false};
  Runs runs_;
  // Of the batch in hand.
  Buffer key_bytes_, row_bytes_;
  std::vector<std::uint64_t> key_ends_, row_ends_;
};

}  // namespace weir::sort

WEIR_PLUGIN(weir::transformer<weir::sort::Sort>("sort"));
