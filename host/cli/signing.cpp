#include "cli/signing.hpp"

#include <cstdlib>

#include "security/trusted_keys.hpp"

namespace weir::cli {

std::string key_passphrase() {
  const char* const text = std::getenv("WEIR_KEY_PASSPHRASE");  // NOLINT(concurrency-mt-unsafe): [main]
  return text == nullptr ? "" : text;
}

CLI::Validator a_day() {
  return {[](const std::string& day) {
            return security::is_day(day) ? std::string() : "expected a day such as 2028-11-27, found '" + day + "'";
          },
          ""};
}

}  // namespace weir::cli
