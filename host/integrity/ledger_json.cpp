#include "integrity/ledger_json.hpp"

namespace weir::integrity {
namespace {

using nlohmann::ordered_json;

ordered_json reasons_json(const Reasons& reasons) {
  ordered_json list = ordered_json::array();
  for (const auto& item : reasons.items()) list.push_back(ordered_json::array({item.reason, item.count}));
  return list;
}

std::uint64_t count_of(const ordered_json& value) { return value.get_ref<const ordered_json::number_unsigned_t&>(); }

Reasons reasons_of(const ordered_json& list) {
  Reasons reasons;
  for (const auto& item : list) reasons.add(item.at(0).get_ref<const std::string&>(), count_of(item.at(1)));
  return reasons;
}

// Throws for a line that none of those before it gives rows to.
Line line_of(const ordered_json& value, std::size_t number) {
  Line line;
  line.link = value.at("link").get<std::string>();
  line.component = value.at("component").get<std::string>();
  const std::string role = value.at("role").get<std::string>();
  line.role = role == "extract" ? Role::extract : role == "load" ? Role::load : Role::transform;
  line.once = value.at("once").get<bool>();
  line.account = account_of(value.at("account"));
  for (const auto& from : value.at("from")) {
    line.from.push_back(count_of(from));
    if (line.from.back() >= number) throw ordered_json::other_error::create(501, "a line from behind", nullptr);
  }
  line.output = count_of(value.at("output"));
  line.confirmed_rows = value.at("confirmed").get<std::int64_t>();
  return line;
}

}  // namespace

ordered_json to_json(const Account& account) {
  return {{"in", account.rows_in},
          {"out", account.rows_out},
          {"bytes", account.bytes},
          {"digest", account.digest ? ordered_json(account.digest->to_text()) : ordered_json()},
          {"by_output", account.by_output},
          {"dropped", reasons_json(account.dropped)},
          {"rejected", reasons_json(account.rejected)}};
}

ordered_json to_json(const Ledger& ledger) {
  ordered_json lines = ordered_json::array();
  for (const auto& line : ledger.lines) {
    const char* role = line.role == Role::extract ? "extract" : line.role == Role::load ? "load" : "transform";
    lines.push_back({{"link", line.link},
                     {"component", line.component},
                     {"role", role},
                     {"once", line.once},
                     {"from", line.from},
                     {"output", line.output},
                     {"confirmed", line.confirmed_rows},
                     {"account", to_json(line.account)}});
  }
  return lines;
}

Account account_of(const ordered_json& value) {
  Account account;
  account.rows_in = count_of(value.at("in"));
  account.rows_out = count_of(value.at("out"));
  if (value.contains("digest") && !value["digest"].is_null()) {
    account.digest = Digest::from_text(value["digest"].get_ref<const std::string&>());
    if (!account.digest) throw ordered_json::other_error::create(501, "no digest", nullptr);
  }
  account.bytes = count_of(value.at("bytes"));
  account.by_output = value.at("by_output").get<std::vector<std::uint64_t>>();
  account.dropped = reasons_of(value.at("dropped"));
  account.rejected = reasons_of(value.at("rejected"));
  return account;
}

Ledger ledger_of(const ordered_json& value) {
  Ledger ledger;
  for (const auto& line : value.get_ref<const ordered_json::array_t&>())
    ledger.lines.push_back(line_of(line, ledger.lines.size()));
  return ledger;
}

}  // namespace weir::integrity
