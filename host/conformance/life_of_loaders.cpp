// The life of a loader: its writer, its committer, epoch by epoch.
#include "conformance/lives.hpp"

namespace weir::conformance {
namespace {

std::vector<weir_bytes> lent(const std::vector<std::string>& texts) {
  std::vector<weir_bytes> bytes;
  for (const std::string& text : texts) bytes.push_back(bytes_of(text));
  return bytes;
}

bool has_committer(const Session& session) {
  return session.table<weir_loader>().committer != nullptr && commit_of(session) != WEIR_COMMIT_NONE;
}

}  // namespace

std::int32_t commit_of(const Session& session) {
  const std::int32_t can = session.traits().commit;
  return (can & WEIR_COMMIT_ATOMIC) != 0 ? WEIR_COMMIT_ATOMIC : can & WEIR_COMMIT_TWO_PHASE;
}

Step Writing::open(std::uint64_t epoch) {
  const ArrowSchema* inputs[] = {&session_.columns()};
  const weir_string streams[] = {{nullptr, 0}};
  session_.forget_outputs();
  WEIR_TRY(session_.call("open", [&](weir_error* error) {
    return session_.table<weir_loader>().open(session_.context(epoch, "main", commit_of(session_)), inputs, streams, 1,
                                              session_.schema_sink(), &self_, error);
  }));
  opened_ = true;
  if (session_.outputs().size() > 1)  // none: what it loads can't be read back
    session_.observe("tells-schema",
                     "open() told " + std::to_string(session_.outputs().size()) + " stored schemas for one input");
  if (WEIR_CAN(&writer_, cancel)) session_.can_cancel([this] { writer_.cancel(self_); });
  return {};
}

Step Writing::write(const arrow::SharedArray& rows) {
  WEIR_TRY(session_.lend(rows, session_.columns(), [&](weir_batch* batch) {
    return session_.call("write",
                         [&](weir_error* error) { return writer_.write(self_, 0, batch, session_.next(), error); });
  }));
  rows_ += rows.length() - session_.rows_passed();
  return {};
}

Step Writing::prepare(std::uint64_t epoch) {
  weir_receipt receipt{};
  receipt.size = sizeof receipt;
  receipt.rows = receipt.inserted = receipt.updated = receipt.deleted = receipt.bytes = -1;
  weir_receipt* receipts[] = {&receipt};
  WEIR_TRY(session_.call("prepare", [&](weir_error* error) {
    committables_.clear();
    return writer_.prepare(self_, epoch, session_.byte_sink(committables_), receipts, 1, error);
  }));
  if (receipt.rows >= 0 && receipt.rows != rows_) {
    session_.observe("receipts-right", "prepare() told " + std::to_string(receipt.rows) + " rows of " +
                                           std::to_string(rows_) + " that were written and not rejected");
  }
  rows_ = 0;
  return {};
}

Step Writing::commit(std::uint64_t epoch) {
  return session_.call("commit", [&](weir_error* error) { return writer_.commit(self_, epoch, error); });
}

void Writing::close() {
  if (std::exchange(opened_, false)) session_.finish("close", [this] { writer_.close(self_); });
}

Step Committing::open(std::string lane) {
  WEIR_TRY(session_.call("open", [&](weir_error* error) {
    return committer_.open(session_.context(1, std::move(lane), commit_of(session_)), &self_, error);
  }));
  opened_ = true;
  if (WEIR_CAN(&committer_, cancel)) session_.can_cancel([this] { committer_.cancel(self_); });
  return {};
}

base::Result<std::uint64_t> Committing::last_committed() {
  std::uint64_t epoch = 0;
  WEIR_TRY(session_.call("last_committed",
                         [&](weir_error* error) { return committer_.last_committed(self_, &epoch, error); }));
  return epoch;
}

Step Committing::commit(std::uint64_t epoch, const std::vector<std::string>& committables) {
  const std::vector<weir_bytes> list = lent(committables);
  return session_.call("commit", [&](weir_error* error) {
    return committer_.commit(self_, epoch, list.data(), list.size(), session_.byte_sink(published_), error);
  });
}

Step Committing::abort(std::uint64_t epoch, const std::vector<std::string>& committables) {
  const std::vector<weir_bytes> list = lent(committables);
  return session_.call(
      "abort", [&](weir_error* error) { return committer_.abort(self_, epoch, list.data(), list.size(), error); });
}

Step Committing::finish(std::int32_t complete, const std::vector<std::string>& published) {
  const std::vector<weir_bytes> list = lent(published);
  return session_.call(
      "finish", [&](weir_error* error) { return committer_.finish(self_, complete, list.data(), list.size(), error); });
}

void Committing::close() {
  if (std::exchange(opened_, false)) session_.finish("close", [this] { committer_.close(self_); });
}

Step load_epoch(Session& session, std::uint64_t epoch, const std::vector<arrow::SharedArray>& batches) {
  std::optional<Committing> committer;
  if (has_committer(session)) {
    WEIR_TRY(committer.emplace(session).open());
    if (commit_of(session) == WEIR_COMMIT_ATOMIC) WEIR_TRY(committer->last_committed());
  }
  Writing writing(session);
  WEIR_TRY(writing.open(epoch));
  for (const auto& rows : batches) WEIR_TRY(writing.write(rows));
  WEIR_TRY(writing.prepare(epoch));
  if (commit_of(session) == WEIR_COMMIT_ATOMIC) WEIR_TRY(writing.commit(epoch));
  if (commit_of(session) == WEIR_COMMIT_TWO_PHASE) WEIR_TRY(committer->commit(epoch, writing.committables()));
  writing.close();
  if (!committer) return {};
  const std::vector<std::string> published = committer->published();
  committer->close();
  return finish_run(session, 1, published);
}

Step finish_run(Session& session, std::int32_t complete, const std::vector<std::string>& published) {
  if (!has_committer(session) || !WEIR_CAN(session.table<weir_loader>().committer, finish)) return {};
  Committing last(session);
  WEIR_TRY(last.open(""));
  return last.finish(complete, published);
}

Step live_as_loader(Session& session) { return load_epoch(session, 1, session.batches()); }

}  // namespace weir::conformance
