#include "run/totals.hpp"

#include <nlohmann/json.hpp>

#include "integrity/ledger_json.hpp"

namespace weir::run {
namespace {

using integrity::Account;
using nlohmann::ordered_json;

ordered_json accounts_json(const std::vector<Account>& accounts) {
  ordered_json list = ordered_json::array();
  for (const auto& account : accounts) list.push_back(integrity::to_json(account));
  return list;
}

std::vector<Account> accounts_of(const ordered_json& list) {
  std::vector<Account> accounts;
  for (const auto& item : list) accounts.push_back(integrity::account_of(item));
  return accounts;
}

}  // namespace

std::string text_of(const Totals& totals) {
  return ordered_json{{"sources", accounts_json(totals.sources)},
                      {"links", accounts_json(totals.links)},
                      {"ends", accounts_json(totals.ends)},
                      {"confirmed", totals.confirmed}}
      .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

base::Result<Totals> totals_of(const std::string& text) {
  try {
    const ordered_json value = ordered_json::parse(text);
    return Totals{accounts_of(value.at("sources")), accounts_of(value.at("links")), accounts_of(value.at("ends")),
                  value.at("confirmed").get<std::vector<std::int64_t>>()};
  } catch (const ordered_json::exception&) {
    return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::host, "state.damaged",
                                             "expected the counts of a ledger in a checkpoint, found something else")
                                .with_hint("run with --fresh to load everything again"));
  }
}

}  // namespace weir::run
