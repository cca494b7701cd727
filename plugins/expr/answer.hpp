// The value of an expression as text, as the table of functions writes it: for the tests of its examples and the differential test.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cast.hpp"
#include "compile.hpp"
#include "result_column.hpp"

namespace weir::expr {

// "null", "1.50", "'text'", "rejected: not an integer": what the operation, of which `type` is known, gave for one row.
inline std::string shown_answer(const ValueType& type, bool valid, std::string_view text) {
  if (!valid) return "null";
  if (type.kind != Kind::text) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

// What the expression gives for each row of `rows`; one answer, "mistake: …", if it doesn't compile.
inline std::vector<std::string> answers_of(const std::string& expression, const ArrowSchema& schema,
                                           const ArrowArray& rows) {
  std::vector<std::string> answers;
  try {
    OperationPointer operation = compile(expression, Scope::of(schema));
    const ValueType type = operation->type();
    if (type.kind == Kind::null) return std::vector<std::string>(static_cast<std::size_t>(rows.length), "null");
    // A duration is no text: the count of its units stands for it.
    const bool counts = type.kind == Kind::duration;
    const OperationPointer text =
        counts ? std::move(operation) : cast_operation(std::move(operation), {.kind = Kind::text}, {});
    Frame frame;
    for (std::int64_t i = 0; i < rows.n_children; ++i) frame.columns.push_back({rows.children[i], rows.offset});
    for (std::int64_t begin = 0; begin < rows.length; begin += kChunkRows) {
      const int count = static_cast<int>(std::min<std::int64_t>(kChunkRows, rows.length - begin));
      frame.start(begin, count);
      Vector value(frame.scratch);
      text->run(frame, first_bits(count), value);
      const Bits valid = value.valid_of(first_bits(count));
      for (int row = 0; row < count; ++row) {
        const bool failed = frame.has_failures() && test(frame.failed(), row);
        const std::string answer = !test(valid, row) ? std::string()
                                   : counts          ? std::to_string(value.values<std::int64_t>()[row])
                                                     : std::string(value.values<std::string_view>()[row]);
        answers.push_back(failed ? "rejected: " + std::string(frame.fault_of(row).reason)
                                 : shown_answer(type, test(valid, row), answer));
      }
    }
  } catch (const Mistake& mistake) {
    constexpr std::string_view kNoValue = "expected a value, found ";
    const bool rejected = mistake.message.starts_with(kNoValue) && mistake.hint.empty();
    answers = {rejected ? "rejected: " + mistake.message.substr(kNoValue.size()) : "mistake: " + mistake.message};
  }
  return answers;
}

}  // namespace weir::expr
