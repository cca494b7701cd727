// The row that examples of the table of functions are computed for: the columns item, a struct, and tags, a list.
#pragma once

#include <weir/weir.hpp>

namespace weir::expr {

inline Schema example_schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::nested("+s", "item", Schema::field("u", "sku"),
                                  Schema::nested("+l", "sizes", Schema::field("l", "size"))));
  fields.push_back(Schema::nested("+l", "tags", Schema::field("u", "tag")));
  return Schema::rows(std::move(fields));
}

inline Array example_rows() {
  TextBuilder sku, tag;
  NumberBuilder<std::int64_t> size;
  ListBuilder sizes, tags;
  StructBuilder item;
  sku.append("A-1");
  size.append(38);
  size.append(40);
  sizes.append(size.length());
  item.append();
  tag.append("new");
  tag.append_null();
  tag.append("sale");
  tags.append(tag.length());
  std::vector<Array> members, columns;
  members.push_back(sku.finish());
  members.push_back(sizes.finish(size.finish()));
  columns.push_back(item.finish(std::move(members)));
  columns.push_back(tags.finish(tag.finish()));
  return rows_of(1, std::move(columns));
}

struct ExampleRows {
  Schema schema = example_schema();
  Array rows = example_rows();
};

}  // namespace weir::expr
