// libFuzzer: any bytes as an expression, compiled over columns of every kind, and run on a few rows if it is one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compile.hpp"

namespace {

using namespace weir;

Schema input() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "a"));
  fields.push_back(Schema::field("g", "b"));
  fields.push_back(Schema::field("u", "s"));
  fields.push_back(Schema::field("b", "p"));
  fields.push_back(Schema::field("tdD", "d"));
  return Schema::rows(std::move(fields));
}

Array some_rows() {
  NumberBuilder<std::int64_t> a;
  NumberBuilder<double> b;
  TextBuilder s;
  BooleanBuilder p;
  NumberBuilder<std::int32_t> d;
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, INT64_MAX, INT64_MIN}) {
    a.append(value);
    b.append(static_cast<double>(value) / 4);
    s.append(std::to_string(value));
    p.append(value > 0);
    d.append(static_cast<std::int32_t>(value % 10000));
  }
  a.append_null();
  b.append_null();
  s.append_null();
  p.append_null();
  d.append_null();
  std::vector<Array> columns;
  columns.push_back(a.finish());
  columns.push_back(b.finish());
  columns.push_back(s.finish());
  columns.push_back(p.finish());
  columns.push_back(d.finish());
  return rows_of(5, std::move(columns));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Schema schema = input();
  static const Array rows = some_rows();
  try {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    expr::Frame frame;
    const auto operation = expr::compile(text, expr::Scope::of(schema.get()));
    for (std::int64_t i = 0; i < rows->n_children; ++i) frame.columns.push_back({rows->children[i], 0});
    frame.start(0, 5);
    expr::Vector value(frame.scratch);
    operation->run(frame, expr::first_bits(5), value);
  } catch (const expr::Mistake&) {
  }
  return 0;
}
