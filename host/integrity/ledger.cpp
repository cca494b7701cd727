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
  dropped.merge(other.dropped);
  rejected.merge(other.rejected);
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

std::uint64_t Ledger::expanded() const {
  return sum(lines, [](const Line& line) {
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

base::Result<void> Ledger::balance() const {
  const Line* before = nullptr;
  for (const auto& line : lines) {
    if (before != nullptr && before->account.rows_out != line.account.rows_in) {
      return base::unexpected(imbalance("link '" + line.link + "': expected the " +
                                        std::to_string(before->account.rows_out) + " rows that left '" + before->link +
                                        "', found " + std::to_string(line.account.rows_in)));
    }
    if (line.role != Role::extract && line.once && left(line) != line.account.rows_in) {
      return base::unexpected(imbalance("link '" + line.link + "': expected " + std::to_string(line.account.rows_in) +
                                        " rows to leave, loaded, dropped or rejected, found " +
                                        std::to_string(left(line))));
    }
    before = &line;
  }
  if (extracted() + expanded() != loaded() + dropped() + rejected() + merged()) {
    return base::unexpected(imbalance("expected as many rows out as in, " + std::to_string(extracted() + expanded()) +
                                      ", found " + std::to_string(loaded() + dropped() + rejected() + merged())));
  }
  if (confirmed_rows >= 0 && static_cast<std::uint64_t>(confirmed_rows) != loaded()) {
    return base::unexpected(imbalance("link '" + lines.back().link + "' (" + lines.back().component +
                                      "): expected the destination to confirm " + std::to_string(loaded()) +
                                      " rows, found that it has " + std::to_string(confirmed_rows)));
  }
  return {};
}

}  // namespace weir::integrity
