// libFuzzer target of expressions of cron: any bytes are one. What is taken names a minute within 60 years, which next() finds, from any
// minute on.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bytes.hpp"
#include "cli/cron.hpp"
#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using weir::fuzz::demand;
  weir::fuzz::Bytes bytes(data, size);
  const cctz::civil_minute from(1900 + static_cast<int>(bytes.below(250)), 1, 1 + static_cast<int>(bytes.below(250)), 0,
                                0);
  const auto cron = weir::cli::CronExpression::parse(bytes.rest());
  if (!cron) return 0;
  const cctz::civil_minute next = cron->next(from);
  demand(next >= from && cron->names(next), "what next() gives is named");
  demand(cron->next(next) == next, "what is named is its own next");
  return 0;
}
