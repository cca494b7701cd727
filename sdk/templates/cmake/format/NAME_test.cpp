// The format as a host calls it.
#include <weir/testing.hpp>
#include <weir/testing_format.hpp>

#include "checks.hpp"

namespace {

using weir::testing::no_error;

const weir_format& table() {
  return *static_cast<const weir_format*>(weir::testing::component_of(weir_plugin_v1(), "{{name}}")->table);
}

// Reads these bytes, at most `step` of them at a time: the lines, and where the last of them began.
std::vector<std::string> read(std::string bytes, std::size_t step, std::int64_t* last = nullptr) {
  weir::testing::Surroundings surroundings({{"/column", "line"}});
  const weir::testing::InputBytes input(std::move(bytes), step);
  weir::testing::Schemas schemas;
  weir::testing::Collected collected;
  weir_error error = no_error();
  void* self = nullptr;
  must(table().open_reader(surroundings.context(), &input, {}, schemas.sink(), &self, &error) == WEIR_OK,
       error.message);
  for (std::int32_t outcome = WEIR_READ_MORE; outcome == WEIR_READ_MORE;)
    must(table().reader->read(self, INT64_MAX, collected.next(), &outcome, &error) == WEIR_OK, error.message);
  table().reader->close(self);
  std::vector<std::string> lines;
  for (const auto& pushed : collected.pushed) {
    if (last != nullptr) *last = pushed.base;
    const weir::TextColumn texts(*pushed.rows->children[0], pushed.rows->offset);
    for (std::int64_t row = 0; row < pushed.rows->length; ++row) lines.emplace_back(texts[row]);
  }
  return lines;
}

// An output that keeps what is written.
struct Kept : weir_output {
  Kept() : weir_output{} {
    size = sizeof(weir_output);
    write = [](const weir_output* raw, weir_bytes more, weir_error*) -> weir_status {
      static_cast<const Kept*>(raw)->bytes += weir::to_view(more);
      return WEIR_OK;
    };
  }
  mutable std::string bytes;
};

std::string written(const std::vector<const char*>& lines) {
  weir::testing::Surroundings surroundings;
  const weir::Schema schema = weir::Schema::rows(weir::fields_of(weir::Schema::field("u", "line")));
  weir::testing::Schemas stored;
  weir::testing::Collected collected;
  const Kept output;
  weir_error error = no_error();
  void* self = nullptr;
  must(table().open_encoder(surroundings.context(), &schema.get(), stored.sink(), &output, &self, &error) == WEIR_OK,
       error.message);
  std::vector<weir::Array> columns;
  columns.push_back(weir::testing::text_column(lines));
  weir_batch batch =
      weir::testing::batch_of(weir::rows_of(static_cast<std::int64_t>(lines.size()), std::move(columns)));
  must(table().encode(self, &batch, collected.next(), &error) == WEIR_OK, error.message);
  if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
  must(table().end(self, &error) == WEIR_OK, error.message);
  table().close_encoder(self);
  return output.bytes;
}

}  // namespace

int main() {
  const std::vector<std::string> wanted = {"a", "", "bc"};
  for (std::size_t step = 1; step < 9; ++step)
    must(read("a\r\n\nbc", step) == wanted, "expected the same lines by any pieces");
  std::int64_t last = -1;
  read("a\nbc\n", 2, &last);
  must(last == 2, "expected the place of the second line, found " + std::to_string(last));
  must(read("", 1).empty(), "expected no lines");
  must(written({"a", nullptr, "bc"}) == "a\n\nbc\n", "expected three lines");
}
