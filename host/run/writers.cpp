#include "run/writers.hpp"

namespace weir::run {

base::Result<std::unique_ptr<Writers>> Writers::open(Plan& plan, const pipeline::TakeReject& take_reject,
                                                     const std::map<std::string, std::string>& resume) {
  std::unique_ptr<Writers> made(new Writers(plan));
  const weir::Schema rejects = reject_schema();
  std::vector<std::vector<pipeline::WriterInput>> inputs;
  for (const auto& load : plan.loads) inputs.emplace_back(load->inputs());
  for (const auto& end : plan.ends) inputs[end.to.load][end.to.input] = {&plan.schema(end.from), take_reject};
  if (plan.reject) inputs[plan.reject->load][plan.reject->input] = {&rejects.get(), RejectWriter::refuse()};
  for (std::size_t i = 0; i < plan.loads.size(); ++i) {
    const auto kept = resume.find(plan.loads[i]->link(0));
    WEIR_TRY_ASSIGN(auto writer, plan.loads[i]->open_writer(std::move(inputs[i]), plan.identity,
                                                            kept == resume.end() ? std::string() : kept->second));
    made->writers_.push_back(std::move(writer));
  }
  if (plan.reject) {
    const LoadInput to = *plan.reject;
    made->rejects_ = std::make_unique<RejectWriter>(*made->writers_[to.load], to.input, plan.redactor, &plan.origins);
  }
  return made;
}

base::Result<void> Writers::take_turn() {
  if (plan_.turns == nullptr || plan_.exclusive.empty() || turn_.held()) return {};
  WEIR_TRY_ASSIGN(turn_, plan_.turns->take(plan_.exclusive, plan_.cancelled));
  return {};
}

base::Result<void> Writers::write(std::size_t end, pipeline::Batch batch) {
  WEIR_TRY(take_turn());
  const LoadInput to = plan_.ends[end].to;
  WEIR_TRY(writers_[to.load]->write(to.input, std::move(batch)));
  return write_rejects();
}

base::Result<std::map<std::string, pipeline::Prepared>> Writers::prepare(std::uint64_t epoch, bool last) {
  WEIR_TRY(take_turn());
  if (rejects_ != nullptr) WEIR_TRY(rejects_->write(true));
  std::map<std::string, pipeline::Prepared> all;
  confirmed_.clear();
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    WEIR_TRY_ASSIGN(auto prepared, writers_[i]->prepare(epoch, last));
    confirmed_.push_back(prepared.rows);
    all[plan_.loads[i]->link(0)] = std::move(prepared);
  }
  return all;
}

std::optional<OneEpoch> Writers::one_epoch() const {
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    if (!writers_[i]->continues()) return OneEpoch{plan_.loads[i]->link(0), "what it writes ends with its epoch"};
  }
  return std::nullopt;
}

base::Result<void> Writers::commit(std::uint64_t epoch) {
  for (const auto& writer : writers_) WEIR_TRY(writer->commit(epoch));
  turn_.give_back();
  return {};
}

void Writers::cancel() {
  for (const auto& writer : writers_) writer->cancel();
}

void Writers::close() {
  for (std::size_t end = closed_.size(); end < plan_.ends.size(); ++end) closed_.push_back(account(end));
  rejects_.reset();
  writers_.clear();
  turn_.give_back();
}

integrity::Account Writers::account(std::size_t end) const {
  const LoadInput to = plan_.ends[end].to;
  return end < closed_.size() ? closed_[end] : writers_[to.load]->account(to.input);
}

std::int64_t Writers::confirmed_rows(std::size_t end) const {
  const LoadInput to = plan_.ends[end].to;
  return to.load < confirmed_.size() ? confirmed_[to.load][to.input] : -1;
}

}  // namespace weir::run
