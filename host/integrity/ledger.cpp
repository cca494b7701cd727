#include "integrity/ledger.hpp"

namespace weir::integrity {

void Reasons::add(std::string_view reason, std::uint64_t count) {
  total_ += count;
  for (auto& item : items_) {
    if (item.reason == reason) {
      item.count += count;
      return;
    }
  }
  if (items_.size() >= kMaxReasons) {
    if (items_.size() == kMaxReasons) items_.push_back({"other", 0});
    items_.back().count += count;
    return;
  }
  items_.push_back({std::string(reason), count});
}

void Reasons::merge(const Reasons& other) {
  for (const auto& item : other.items_) add(item.reason, item.count);
}

void Account::merge(const Account& other) {
  rows_in += other.rows_in;
  rows_out += other.rows_out;
  bytes += other.bytes;
  if (by_output.size() < other.by_output.size()) by_output.resize(other.by_output.size());
  for (std::size_t i = 0; i < other.by_output.size(); ++i) by_output[i] += other.by_output[i];
  if (other.digest) {
    if (!digest) digest.emplace();
    digest->add(*other.digest);
  }
  dropped.merge(other.dropped);
  rejected.merge(other.rejected);
}

void Account::leave(std::uint64_t output, std::uint64_t rows) {
  rows_out += rows;
  if (by_output.size() <= output) by_output.resize(output + 1);
  by_output[output] += rows;
}

std::uint64_t Account::left_by(std::uint64_t output) const {
  if (output < by_output.size()) return by_output[output];
  return output == 0 && by_output.empty() ? rows_out : 0;
}

namespace {

template <class Get>
std::uint64_t sum(const std::vector<Line>& lines, Get get) {
  std::uint64_t total = 0;
  for (const auto& line : lines) total += get(line);
  return total;
}

std::uint64_t left(const Line& line) {
  return line.account.rows_out + line.account.dropped.total() + line.account.rejected.total();
}

}  // namespace

std::uint64_t Ledger::extracted() const {
  return sum(lines, [](const Line& line) {
    return line.role == Role::extract ? line.account.rows_out + line.account.rejected.total() : 0;
  });
}

std::uint64_t Ledger::loaded() const {
  return sum(lines, [](const Line& line) { return line.role == Role::load ? line.account.rows_out : 0; });
}

std::uint64_t Ledger::dropped() const {
  return sum(lines, [](const Line& line) { return line.account.dropped.total(); });
}

std::uint64_t Ledger::rejected() const {
  return sum(lines, [](const Line& line) { return line.account.rejected.total(); });
}

std::uint64_t Ledger::copied() const {
  const auto in = sum(lines, [](const Line& line) { return line.account.rows_in; });
  const auto out = sum(lines, [](const Line& line) { return line.role == Role::load ? 0 : line.account.rows_out; });
  return in > out ? in - out : 0;
}

std::uint64_t Ledger::expanded() const {
  return copied() + sum(lines, [](const Line& line) {
           return line.role == Role::transform && !line.once && left(line) > line.account.rows_in
                      ? left(line) - line.account.rows_in
                      : 0;
         });
}

std::uint64_t Ledger::merged() const {
  return sum(lines, [](const Line& line) {
    return line.role == Role::transform && !line.once && left(line) < line.account.rows_in
               ? line.account.rows_in - left(line)
               : 0;
  });
}

namespace {

base::Error imbalance(const std::string& message) {
  return base::make_error(base::Status::data_loss, base::Fault::integrity, "ledger.imbalance", message)
      .with_hint("a component lost or invented rows: nothing of this run counts; tell its maker");
}

}  // namespace

base::Result<void> Ledger::balance_line(const Line& line) const {
  std::uint64_t sent = 0;
  for (const auto number : line.from) sent += lines[number].account.left_by(line.output);
  if (line.role != Role::extract && sent != line.account.rows_in) {
    return base::unexpected(imbalance("link '" + line.link + "': expected the " + std::to_string(sent) +
                                      " rows that left '" + (line.from.empty() ? "" : lines[line.from[0]].link) +
                                      "', found " + std::to_string(line.account.rows_in)));
  }
  if (line.role != Role::extract && line.once && left(line) != line.account.rows_in) {
    return base::unexpected(imbalance("link '" + line.link + "': expected " + std::to_string(line.account.rows_in) +
                                      " rows to leave, loaded, dropped or rejected, found " +
                                      std::to_string(left(line))));
  }
  if (line.confirmed_rows >= 0 && static_cast<std::uint64_t>(line.confirmed_rows) != line.account.rows_out) {
    return base::unexpected(imbalance(
        "link '" + line.link + "' (" + line.component + "): expected the destination to confirm " +
        std::to_string(line.account.rows_out) + " rows, found that it has " + std::to_string(line.confirmed_rows)));
  }
  return {};
}

std::int64_t Ledger::confirmed() const {
  std::int64_t rows = 0;
  for (const auto& line : lines) {
    if (line.role != Role::load) continue;
    if (line.confirmed_rows < 0) return -1;
    rows += line.confirmed_rows;
  }
  return rows;
}

base::Result<void> Ledger::balance() const {
  for (const auto& line : lines) WEIR_TRY(balance_line(line));
  if (extracted() + expanded() != loaded() + dropped() + rejected() + merged()) {
    return base::unexpected(imbalance("expected as many rows out as in, " + std::to_string(extracted() + expanded()) +
                                      ", found " + std::to_string(loaded() + dropped() + rejected() + merged())));
  }
  return {};
}

}  // namespace weir::integrity
