#include "flatten.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <unordered_map>
#include <utility>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/nested.hpp>
#include <weir/cpp/passing.hpp>

namespace weir::nested {
namespace {

bool has_fields(const ArrowSchema& field) {
  return field.dictionary == nullptr && type_of(field).type == Type::structure && field.n_children > 0;
}

// A column of rows that others share, with another validity.
struct SharedColumn {
  std::shared_ptr<Array> rows;
  Buffer validity;
  std::vector<const void*> buffers;
};

void release_shared(ArrowArray* array) {
  delete static_cast<SharedColumn*>(array->private_data);
  array->release = nullptr;
}

// Sets the bits of rows that are valid in all of `all`, row 0 at bit `first`; gives how many are not.
std::int64_t put_validity(const std::vector<Validity>& all, std::int64_t first, std::int64_t rows, Buffer& bits) {
  bits.resize(static_cast<std::size_t>(first + rows + 7) / 8);
  std::fill_n(bits.data(), bits.size(), std::uint8_t{0});
  std::int64_t nulls = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    bool valid = true;
    for (const Validity& one : all) valid = valid && one.valid(row);
    const auto bit = static_cast<std::uint64_t>(first + row);
    bits.data()[bit >> 3U] = static_cast<std::uint8_t>(bits.data()[bit >> 3U] | (valid ? 1U : 0U) << (bit & 7U));
    nulls += valid ? 0 : 1;
  }
  return nulls;
}

// The column at the end of the path: null where it is, and where one of the structs around it is.
Array column_at(const std::shared_ptr<Array>& rows, const std::vector<std::int64_t>& path) {
  const std::int64_t length = rows->get().length;
  std::int64_t outer = rows->get().offset;
  const ArrowArray* at = rows->get().children[path[0]];
  std::vector<Validity> validities;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const Validity validity(*at, outer);
    if (!validity.all()) validities.push_back(validity);
    outer += at->offset;
    at = at->children[path[i]];
  }
  auto owner = std::make_unique<SharedColumn>();
  ArrowArray column = *at;
  column.offset += outer;
  column.length = length;
  if (column.n_buffers == 0) {  // the type null
    column.null_count = length;
  } else if (!validities.empty()) {
    const Validity own(*at, outer);
    if (!own.all()) validities.push_back(own);
    owner->buffers.assign(at->buffers, at->buffers + at->n_buffers);
    column.null_count = put_validity(validities, column.offset, length, owner->validity);
    owner->buffers[0] = owner->validity.data();
    column.buffers = owner->buffers.data();
  } else if (column.null_count != 0) {
    column.null_count = -1;
  }
  owner->rows = rows;
  column.private_data = owner.release();
  column.release = release_shared;
  return Array(&column);
}

}  // namespace

Flatten::Flatten(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : separator_(context.config().text("/separator")),
      depth_(context.config().has("/depth") ? static_cast<std::size_t>(context.config().integer("/depth"))
                                            : std::numeric_limits<std::size_t>::max()) {
  const Config config = context.config();
  for (std::uint64_t i = 0; i < config.count("/columns"); ++i) {
    const std::string option = "/columns/" + std::to_string(i);
    const std::string_view name = config.text(option);
    const ArrowSchema& field = *inputs[0].children[named_column(inputs[0], name, option)];
    if (type_of(field).type != Type::structure) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected a column of structs, found '" + std::string(name) + "' of " + type_name(field))
          .option(option)
          .hint("columns that are no structs pass as they are; the items of a list become rows by unnest");
    }
    chosen_.emplace_back(name);
  }
  std::vector<Schema> fields;
  for (std::int64_t i = 0; i < inputs[0].n_children; ++i) {
    const std::string name(column_name(inputs[0], i));
    add(*inputs[0].children[i], {{i}, name, name}, false, fields);
  }
  check_names();
  outputs.put(Schema::rows(std::move(fields)));
}

void Flatten::add(const ArrowSchema& field, Leaf leaf, bool nullable, std::vector<Schema>& fields) {
  const bool asked = chosen_.empty() || std::find(chosen_.begin(), chosen_.end(), leaf.source) != chosen_.end();
  nullable = nullable || (field.flags & ARROW_FLAG_NULLABLE) != 0;
  if (!asked || !has_fields(field) || leaf.path.size() > depth_) {
    ArrowSchema renamed = field;  // lent, to be copied
    renamed.name = leaf.name.c_str();
    if (nullable) renamed.flags |= ARROW_FLAG_NULLABLE;
    fields.push_back(Schema::copy_of(renamed));
    leaves_.push_back(std::move(leaf));
    return;
  }
  for (std::int64_t i = 0; i < field.n_children; ++i) {
    Leaf below = leaf;
    below.path.push_back(i);
    below.name += separator_ + std::string(column_name(field, i));
    add(*field.children[i], std::move(below), nullable, fields);
  }
}

void Flatten::check_names() const {
  std::unordered_map<std::string_view, const Leaf*> seen;
  for (const Leaf& leaf : leaves_) {
    const auto [before, fresh] = seen.emplace(leaf.name, &leaf);
    if (fresh) continue;
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected columns of different names, found '" + leaf.name + "' made of '" + before->second->source +
                      "' and of '" + leaf.source + "'")
        .option("/separator")
        .hint("choose a separator that no name has (separator: __), or rename the column before");
  }
}

void Flatten::traits(const Config& /*config*/, weir_traits& traits) {
  traits.rows = WEIR_ROWS_ONCE;
  traits.keeps_rows = 1;
  traits.takes_selection = 1;
}

void Flatten::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  const auto rows = std::make_shared<Array>(batch.take());
  std::vector<Array> columns;
  columns.reserve(leaves_.size());
  for (const Leaf& leaf : leaves_) columns.push_back(column_at(rows, leaf.path));
  next.push(rows_of(rows->get().length, std::move(columns)));
}

void Flatten::lineage(std::uint64_t /*output*/, std::string_view column, std::uint64_t /*input*/,
                      const Sink& names) const {
  for (const Leaf& leaf : leaves_) {
    if (leaf.name == column) names.put(leaf.source);
  }
}

}  // namespace weir::nested
