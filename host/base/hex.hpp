// Bytes as hexadecimal text, for what is kept as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::base {

std::string to_hex(std::string_view bytes);
// None: `text` is not what to_hex() makes.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace weir::base
