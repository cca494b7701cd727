#include "run/quality.hpp"

#include <algorithm>
#include <utility>

#include "base/utf8.hpp"

namespace weir::run {

void Quality::judged(integrity::Judgement judgement) {
  const std::lock_guard lock(mutex_);
  const auto before = std::find_if(all_.begin(), all_.end(), [&judgement](const integrity::Judgement& one) {
    return one.link == judgement.link && one.subject == judgement.subject && one.expected == judgement.expected;
  });
  if (before == all_.end()) {
    if (all_.size() < kMost) all_.push_back(std::move(judgement));
    return;
  }
  if (before->rows >= 0 && judgement.rows >= 0) before->rows += judgement.rows;
  if (judgement.verdict >= before->verdict && !judgement.found.empty()) before->found = std::move(judgement.found);
  before->verdict = std::max(before->verdict, judgement.verdict);
}

void Quality::judged(const std::string& link, const weir_judgement& judgement) {
  const auto text = [](const weir_string& told) {
    return told.data == nullptr ? std::string()
                                : base::repaired_utf8(std::string_view(told.data, told.length).substr(0, kMostText));
  };
  const auto verdict = std::clamp<std::int32_t>(judgement.verdict, WEIR_VERDICT_KEPT, WEIR_VERDICT_FAILED);
  judged({link, text(judgement.subject), text(judgement.expected), text(judgement.found), judgement.rows,
          static_cast<integrity::Judgement::Verdict>(verdict)});
}

std::vector<integrity::Judgement> Quality::all() const {
  const std::lock_guard lock(mutex_);
  return all_;
}

void Quality::clear() {
  const std::lock_guard lock(mutex_);
  all_.clear();
}

}  // namespace weir::run
