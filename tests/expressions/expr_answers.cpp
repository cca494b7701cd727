// What the language of expressions is, and what it answers: for the page of reference and the differential test.
//
//   expr_answers table                      the table of functions and notations, as JSON
//   expr_answers answers TABLE.json FILE    the answers to the expressions of FILE, one a line, each a JSON list of the
//                                           answers for the rows of TABLE.json: {"types": {"a": "int64"}, "rows": [{…}]},
//                                           whose values are texts or null
#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "answer.hpp"
#include "function.hpp"

namespace {

using namespace weir;
using Json = nlohmann::ordered_json;

Json examples_of(const std::vector<expr::Example>& examples) {
  Json made = Json::array();
  for (const expr::Example& example : examples) made.push_back({example.expression, example.answer});
  return made;
}

Json table() {
  Json functions = Json::array(), notations = Json::array();
  for (const expr::Chapter& chapter : expr::chapters()) {
    Json entries = Json::array();
    for (const expr::Function& function : chapter.functions) {
      entries.push_back({{"name", function.name},
                         {"parameters", function.parameters},
                         {"summary", function.summary},
                         {"examples", examples_of(function.examples)}});
    }
    functions.push_back({{"title", chapter.title}, {"functions", std::move(entries)}});
  }
  for (const expr::Notation& notation : expr::notations()) {
    notations.push_back(
        {{"form", notation.form}, {"summary", notation.summary}, {"examples", examples_of(notation.examples)}});
  }
  return {{"notations", std::move(notations)}, {"chapters", std::move(functions)}};
}

// A column of texts, cast to the type that it shall have.
Array column_of(const Json& rows, const std::string& name, const std::string& type, Schema& field) {
  TextBuilder texts;
  for (const Json& row : rows) {
    const Json& value = row.at(name);
    if (value.is_null()) {
      texts.append_null();
    } else {
      texts.append(value.get<std::string>());
    }
  }
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "raw"));
  const Schema schema = Schema::rows(std::move(fields));
  const Array text = texts.finish();
  const expr::OperationPointer cast = expr::compile("cast(raw as " + type + ")", expr::Scope::of(schema.get()));
  field = expr::result_field(cast->type(), name);
  expr::Frame frame;
  frame.columns.push_back({&text.get(), 0});
  expr::ResultColumn made(cast->type(), text->length);
  for (std::int64_t begin = 0; begin < text->length; begin += expr::kChunkRows) {
    const int count = static_cast<int>(std::min<std::int64_t>(expr::kChunkRows, text->length - begin));
    frame.start(begin, count);
    expr::Vector value(frame.scratch);
    cast->run(frame, expr::first_bits(count), value);
    if (frame.has_failures()) throw std::runtime_error("column " + name + " is not " + type);
    made.append(frame, expr::first_bits(count), value);
  }
  return made.finish();
}

int answer(const char* table_path, const char* expressions_path) {
  std::ifstream table_file(table_path), expressions(expressions_path);
  const Json given = Json::parse(table_file);
  std::vector<Schema> fields;
  std::vector<Array> columns;
  for (const auto& [name, type] : given.at("types").items()) {
    fields.emplace_back();
    columns.push_back(column_of(given.at("rows"), name, type.get<std::string>(), fields.back()));
  }
  const Schema schema = Schema::rows(std::move(fields));
  const Array rows = rows_of(static_cast<std::int64_t>(given.at("rows").size()), std::move(columns));
  for (std::string line; std::getline(expressions, line);)
    std::cout << Json(expr::answers_of(line, schema.get(), rows.get())).dump() << "\n";
  return std::cout.good() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view verb = count > 1 ? arguments[1] : "";
  if (verb == "table" && count == 2) {
    std::cout << table().dump(1) << "\n";
    return 0;
  }
  if (verb == "answers" && count == 4) return answer(arguments[2], arguments[3]);
  std::cerr << "usage: expr_answers table | expr_answers answers TABLE.json FILE\n";
  return 2;
}
