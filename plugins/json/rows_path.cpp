#include "rows_path.hpp"

#include <weir/cpp/quoted.hpp>
#include <weir/weir.hpp>

namespace weir::json {

RowsPath RowsPath::parse(std::string_view pointer) {
  RowsPath path{std::string(pointer), {}, {}};
  const auto refuse = [&](std::string message, std::size_t at) {
    return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message))
        .option("/rows", static_cast<std::int64_t>(at))
        .hint("a JSON Pointer names keys behind slashes: rows: /data/items; in a key ~1 is a slash, ~0 a tilde");
  };
  if (pointer.empty() || pointer.front() != '/')
    throw refuse("expected a JSON Pointer, which begins with a slash, found " + quoted_for_message(pointer), 0);
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      path.tokens.emplace_back();
    } else if (pointer[i] != '~') {
      path.tokens.back() += pointer[i];
    } else {
      const char next = i + 1 < pointer.size() ? pointer[i + 1] : 0;
      if (next != '0' && next != '1') throw refuse("expected ~0 or ~1 in a JSON Pointer, found another ~", i);
      path.tokens.back() += next == '0' ? '~' : '/';
      ++i;
    }
  }
  return path;
}

std::string RowsPath::upto(std::size_t count) const {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text = pointer_to(text, tokens[i]);
  return text;
}

}  // namespace weir::json
