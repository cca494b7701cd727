// Functions over texts that hold JSON.
#include "call.hpp"
#include "column.hpp"
#include "function.hpp"
#include "json_text.hpp"
#include "texts.hpp"

namespace weir::expr {
namespace {

constexpr std::string_view kNoJson = "not JSON";
constexpr std::string_view kPath = "a path such as '$.lines[0].sku'";

JsonPath path_at(const Call& call, std::size_t i) {
  if (i >= call.count()) return *JsonPath::of("$");
  if (call.kind(i) == Kind::integer)
    return JsonPath::of_item(
        call.constant_integer(i, -999'999'999, 999'999'999, "an item's number of at most 9 digits"));
  const auto path = JsonPath::of(call.constant_text(i, kPath));
  if (!path)
    call.unexpected_word(i, kPath, "a path begins with $ or /; what begins otherwise is the name of one member");
  return *path;
}

Made outcome(Found found) {
  return found == Found::value ? Made::value : found == Found::nothing ? Made::null : Made::refused;
}

// The value at a path. Kernel: Made operator()(View value, To& result, Frame&).
template <class To, class Kernel>
OperationPointer at_path(Call& call, ValueType type, Kernel kernel) {
  const JsonPath path = path_at(call, 1);
  return rowwise<View, To>(std::move(type), call.text(0), call.fault(kNoJson),
                           [path, kernel](View text, To& result, Frame& frame) {
                             View value;
                             const Found found = find_json(text, path, value);
                             return found == Found::value ? kernel(value, result, frame) : outcome(found);
                           });
}

OperationPointer make_json_extract(Call& call) {
  return at_path<View>(call, kText, [](View value, View& result, Frame&) {
    result = value;
    return Made::value;
  });
}

OperationPointer make_extract_text(Call& call) {
  return at_path<View>(call, kText, [](View value, View& result, Frame& frame) {
    result = value[0] == '"' ? json_characters(value, frame) : value;
    return value[0] == 'n' ? Made::null : Made::value;
  });
}

OperationPointer make_type(Call& call) {
  return at_path<View>(call, kText, [](View value, View& result, Frame&) {
    switch (json_kind(value)) {
      case '{': result = "object"; break;
      case '[': result = "array"; break;
      case '"': result = "string"; break;
      case 'n': result = "null"; break;
      case '0': result = "number"; break;
      default: result = "boolean";
    }
    return Made::value;
  });
}

OperationPointer make_json_length(Call& call) {
  return at_path<Word>(call, kInteger, [](View value, Word& result, Frame&) {
    result = value[0] == '[' ? json_count(value) : 0;
    return Made::value;
  });
}

OperationPointer make_valid(Call& call) {
  return rowwise<View, bool>(kBoolean, call.text(0), {}, [path = *JsonPath::of("$")](View text, bool& result, Frame&) {
    View value;
    result = find_json(text, path, value) != Found::no_json;
    return true;
  });
}

}  // namespace

std::span<const Function> json_functions() {
  static const std::vector<Function> kFunctions = {
      {"json_array_length",
       "json [, path]",
       "How many items the array at the path has; 0 if it is none.",
       {{"json_array_length('[1, [2, 3], 4]')", "3"}},
       make_json_length},
      {"json_extract",
       "json, path",
       "The value at the path, as the JSON that stands there; also written json -> path. A path is $.a.b[0], where "
       "[#-1] is the last item, /a/b/0, the name of one member or the number of one item, from 0. Null if there is "
       "none; a "
       "text that is no JSON rejects the row.",
       {{"json_extract('{\"a\": {\"b\": [1.50, \"x\"]}}', '$.a.b')", "'[1.50, \"x\"]'"},
        {"'{\"a\": \"x\"}' -> 'a'", "'\"x\"'"},
        {"'[1, 2]' -> 5", "null"},
        {"json_extract('{a: 1}', 'a')", "rejected: not JSON"}},
       make_json_extract},
      {"json_extract_string",
       "json, path",
       "The value at the path as text: a string without its quotes, null for the JSON null; also written json ->> "
       "path.",
       {{"'{\"a\": {\"b\": \"caf\\u00e9\"}}' ->> '$.a.b'", "'café'"}, {"'{\"a\": null}' ->> 'a'", "null"}},
       make_extract_text},
      {"json_type",
       "json [, path]",
       "object, array, string, number, boolean or null.",
       {{"json_type('{\"a\": [1]}', 'a')", "'array'"}},
       make_type},
      {"json_valid",
       "text",
       "Whether the text is JSON.",
       {{"json_valid('{\"a\": 1}')", "true"}, {"json_valid('{a: 1}')", "false"}},
       make_valid}};
  return kFunctions;
}

}  // namespace weir::expr
