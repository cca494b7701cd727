#include "packages/index_check.hpp"

#include <utility>

namespace weir::packages {

base::Result<IndexCheck> check_index(Source source, const security::TrustedKeys& keys, std::string_view day,
                                     const std::function<void(const Release&, bool)>& told) {
  IndexCheck check;
  WEIR_TRY_ASSIGN(check.opened, open_index(source, keys, day, KeptIndex::left));
  if (auto valid = judge_expiry(check.opened.expired, source.name, Taken::anew); !valid)
    check.problems.push_back(std::move(valid).error());
  for (const Release& release : check.opened.index.releases) {
    auto fetched = fetch_package(release, source, {});
    told(release, fetched.has_value());
    if (!fetched) check.problems.push_back(std::move(fetched).error());
  }
  return check;
}

}  // namespace weir::packages
