// What Python calls. Each gives a text, valid until the thread's next call, that begins with "error: " if it failed.
// Arrays and schemas are lent unless said; what is made is the caller's.
#include <span>

#include "arrow/gather.hpp"
#include "arrow/json.hpp"
#include "arrow/validate.hpp"
#include "columns.hpp"

namespace {

using weir::bridge::Values;

template <class Function>
const char* told(Function&& function) {
  static thread_local std::string text;
  try {
    text = function();
  } catch (const std::exception& problem) {
    text = std::string("error: ") + problem.what();
  }
  return text.c_str();
}

std::string move_out(weir::base::Result<weir::Array> made, const ArrowSchema& schema, ArrowSchema* as, ArrowArray* to) {
  if (!made) return "error: " + made.error().message;
  *as = weir::Schema::copy_of(schema).release();
  *to = made->release();
  return {};
}

// The schema made anew from what its format says.
weir::Schema rebuilt(const ArrowSchema& schema) {
  std::vector<weir::Schema> children;
  for (std::int64_t i = 0; i < schema.n_children; ++i) children.push_back(rebuilt(*schema.children[i]));
  const std::string format = weir::format_of(weir::type_of(schema)), name = schema.name == nullptr ? "" : schema.name;
  weir::Schema made = weir::Schema::field(format, name, true, weir::metadata_of(schema), std::move(children));
  if (schema.dictionary != nullptr) made = weir::Schema::dictionary(std::move(made), rebuilt(*schema.dictionary));
  made.address()->flags = schema.flags;
  return made;
}

}  // namespace

#define WEIR_BRIDGE extern "C" __attribute__((visibility("default"))) const char*

// The values of rows, column by column (columns.hpp).
WEIR_BRIDGE weir_bridge_read(const ArrowSchema* schema, const ArrowArray* rows) {
  return told([&] {
    nlohmann::json columns = nlohmann::json::array();
    for (std::int64_t i = 0; i < schema->n_children; ++i)
      columns.push_back(
          weir::bridge::read_column(*rows->children[i], *schema->children[i], {0, rows->length}, rows->offset));
    return columns.dump();
  });
}

// Builds rows of a schema from such values, behind `pad` others.
WEIR_BRIDGE weir_bridge_build(const ArrowSchema* schema, const char* values, std::int64_t pad, ArrowSchema* as,
                              ArrowArray* to) {
  return told([&]() -> std::string {
    const auto columns = nlohmann::json::parse(values).get<std::vector<Values>>();
    std::vector<weir::Array> made;
    for (std::size_t i = 0; i < columns.size(); ++i)
      made.push_back(weir::bridge::build_column(*schema->children[i], columns[i], pad));
    *as = rebuilt(*schema).release();
    *to = weir::rows_of(columns.empty() ? 0 : static_cast<std::int64_t>(columns[0].size()), std::move(made)).release();
    return {};
  });
}

// What the host has against a schema; empty: nothing.
WEIR_BRIDGE weir_bridge_check_schema(const ArrowSchema* schema) {
  return told([&] {
    const auto checked = weir::arrow::check_rows_schema(*schema);
    return checked ? std::string() : "error: " + checked.error().message;
  });
}

// What the host has against rows of a schema that has been checked.
WEIR_BRIDGE weir_bridge_check(const ArrowSchema* schema, const ArrowArray* rows) {
  return told([&] {
    const auto shape = weir::arrow::check_shape(*rows, *schema);
    if (!shape) return "error: " + shape.error().message;
    const auto full = weir::arrow::check_full(*rows, *schema);
    return full ? std::string() : "error: " + full.error().message;
  });
}

// Rows as the host writes them: one line of JSON each. And first a line with how many bytes it says that they take.
WEIR_BRIDGE weir_bridge_json(const ArrowSchema* schema, const ArrowArray* rows) {
  return told([&] {
    std::string text = std::to_string(weir::arrow::size_bytes(*rows, *schema));
    for (std::int64_t row = 0; row < rows->length; ++row) {
      text += '\n';
      weir::arrow::append_row_as_json(text, *rows, *schema, row);
    }
    return text;
  });
}

WEIR_BRIDGE weir_bridge_gather(const ArrowSchema* schema, const ArrowArray* rows, const std::uint32_t* selected,
                               std::uint64_t count, ArrowSchema* as, ArrowArray* to) {
  return told(
      [&] { return move_out(weir::arrow::gather(*rows, *schema, std::span(selected, count)), *schema, as, to); });
}

// Takes `rows` over.
WEIR_BRIDGE weir_bridge_slice(const ArrowSchema* schema, ArrowArray* rows, std::int64_t from, std::int64_t count,
                              ArrowSchema* as, ArrowArray* to) {
  return told([&] {
    const weir::arrow::SharedArray shared{weir::Array(rows)};
    return move_out(shared.slice(from, count), *schema, as, to);
  });
}
