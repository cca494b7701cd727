#include "pipeline/schedule.hpp"

#include <utility>

namespace weir::pipeline {

Schedule::Schedule(std::size_t splits, bool ordered, std::uint64_t budget_bytes)
    : splits_(splits), ordered_(ordered), budget_bytes_(budget_bytes) {}

void Schedule::leave_out(std::size_t split) {
  splits_[split].exhausted = true;
  pass_exhausted();
}

bool Schedule::may_take(PieceNumber number, std::uint64_t bytes) const {
  if (used_bytes_ + bytes <= budget_bytes_ || used_bytes_ == 0) return true;
  return ordered_ && number == next_;
}

std::optional<Schedule::Turn> Schedule::try_take(std::uint64_t estimate_bytes, Wait* why) {
  Wait reason = Wait::nothing_to_take;
  for (std::size_t i = first_open_; i < splits_.size(); ++i) {
    Split& split = splits_[i];
    if (split.exhausted) continue;
    if (split.reading) {
      reason = Wait::split_is_read;
      if (split.apart.value_or(apart_)) break;
      continue;
    }
    const PieceNumber number{i, split.pieces};
    if (!may_take(number, estimate_bytes)) {
      reason = Wait::budget;
      break;
    }
    split.reading = true;
    used_bytes_ += estimate_bytes;
    ++in_flight_;
    return Turn{number, estimate_bytes};
  }
  if (why != nullptr) *why = reason;
  return std::nullopt;
}

void Schedule::pass_exhausted() {
  while (first_open_ < splits_.size() && splits_[first_open_].exhausted) ++first_open_;
  // The loader's next piece moves on past the end of a split that has no more.
  while (next_.split < splits_.size() && splits_[next_.split].exhausted && next_.piece == splits_[next_.split].pieces) {
    next_ = {next_.split + 1, 0};
  }
}

void Schedule::read(const Turn& turn, bool got_piece, bool exhausted, bool apart) {
  Split& split = splits_[turn.number.split];
  split.reading = false;
  split.apart = apart_ = apart;
  split.exhausted = exhausted;
  if (got_piece) {
    ++split.pieces;
  } else {
    used_bytes_ -= turn.reserved_bytes;
    --in_flight_;
  }
  if (split.ended()) finished_.push_back(turn.number.split);
  pass_exhausted();
}

void Schedule::done(PieceResult result, std::uint64_t bytes) {
  used_bytes_ += bytes;
  used_bytes_ -= result.reserved_bytes;
  result.reserved_bytes = bytes;
  --in_flight_;
  const PieceNumber number = result.number;
  held_.emplace(number, std::move(result));
}

// Where order matters, the piece that comes next of all; else one that comes next of its split.
std::map<PieceNumber, PieceResult>::iterator Schedule::next_held() {
  if (ordered_) return held_.find(next_);
  for (auto held = held_.begin(); held != held_.end(); held = held_.lower_bound({held->first.split + 1, 0})) {
    if (held->first.piece == splits_[held->first.split].delivered) return held;
  }
  return held_.end();
}

std::optional<PieceResult> Schedule::try_deliver() {
  const auto next = next_held();
  if (next == held_.end()) return std::nullopt;
  PieceResult result = std::move(next->second);
  held_.erase(next);
  Split& split = splits_[result.number.split];
  ++split.delivered;
  if (split.ended()) finished_.push_back(result.number.split);
  if (ordered_) {
    ++next_.piece;
    pass_exhausted();
  }
  return result;
}

void Schedule::returned(std::uint64_t bytes) { used_bytes_ -= bytes; }

}  // namespace weir::pipeline
