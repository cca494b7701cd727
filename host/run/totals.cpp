#include "run/totals.hpp"

#include <nlohmann/json.hpp>

namespace weir::run {
namespace {

using integrity::Account;
using integrity::Reasons;
using nlohmann::json;

json reasons_json(const Reasons& reasons) {
  json list = json::array();
  for (const auto& item : reasons.items()) list.push_back({item.reason, item.count});
  return list;
}

Reasons reasons_of(const json& list) {
  Reasons reasons;
  for (const auto& item : list)
    reasons.add(item.at(0).get_ref<const std::string&>(), item.at(1).get_ref<const json::number_unsigned_t&>());
  return reasons;
}

json accounts_json(const std::vector<Account>& accounts) {
  json list = json::array();
  for (const auto& account : accounts) {
    list.push_back({{"in", account.rows_in},
                    {"out", account.rows_out},
                    {"bytes", account.bytes},
                    {"digest", account.digest ? json(account.digest->to_text()) : json()},
                    {"by_output", account.by_output},
                    {"dropped", reasons_json(account.dropped)},
                    {"rejected", reasons_json(account.rejected)}});
  }
  return list;
}

std::vector<Account> accounts_of(const json& list) {
  std::vector<Account> accounts;
  for (const auto& item : list) {
    Account& account = accounts.emplace_back();
    account.rows_in = item.at("in").get_ref<const json::number_unsigned_t&>();
    account.rows_out = item.at("out").get_ref<const json::number_unsigned_t&>();
    account.bytes = item.at("bytes").get_ref<const json::number_unsigned_t&>();
    if (const json& digest = item.at("digest"); !digest.is_null()) {
      account.digest = integrity::Digest::from_text(digest.get_ref<const std::string&>());
      if (!account.digest) throw json::other_error::create(501, "no digest", nullptr);
    }
    account.by_output = item.at("by_output").get<std::vector<std::uint64_t>>();
    account.dropped = reasons_of(item.at("dropped"));
    account.rejected = reasons_of(item.at("rejected"));
  }
  return accounts;
}

}  // namespace

std::string text_of(const Totals& totals) {
  return json{{"sources", accounts_json(totals.sources)},
              {"links", accounts_json(totals.links)},
              {"ends", accounts_json(totals.ends)},
              {"confirmed", totals.confirmed}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

base::Result<Totals> totals_of(const std::string& text) {
  try {
    const json value = json::parse(text);
    return Totals{accounts_of(value.at("sources")), accounts_of(value.at("links")), accounts_of(value.at("ends")),
                  value.at("confirmed").get<std::vector<std::int64_t>>()};
  } catch (const json::exception&) {
    return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::host, "state.damaged",
                                             "expected the counts of a ledger in a checkpoint, found something else")
                                .with_hint("run with --fresh to load everything again"));
  }
}

}  // namespace weir::run
