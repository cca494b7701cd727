#include "run/execution.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "pipeline/chain.hpp"
#include "pipeline/schedule.hpp"
#include "run/rejects.hpp"

namespace weir::run {
namespace {

namespace asio = boost::asio;
using pipeline::Batch;
using pipeline::PieceNumber;
using pipeline::PieceResult;

constexpr std::size_t kBlockingThreads = 4;
constexpr std::size_t kMaxCollected = 16;  // batches of one read(); more go down the chain at once

base::Error interrupted() {
  return base::make_error(base::Status::cancelled, base::Fault::host, "run.interrupted",
                          "the run was stopped before its end");
}

// Goes on, on a thread of `pool`.
asio::awaitable<void> hop(asio::thread_pool& pool) {
  return asio::post(asio::bind_executor(pool.get_executor(), asio::use_awaitable));
}

base::Error out_of_memory() {
  return base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.out_of_memory",
                          "expected enough memory for the run, found none left");
}

// One copy of the parallel part of the chain, with what it works on.
struct Worker {
  std::unique_ptr<pipeline::Chain> chain;
  std::unique_ptr<pipeline::Outlet> outlet;
  integrity::Account extracted;
  std::shared_ptr<pipeline::SplitReader> reader;  // of the piece in hand
  PieceResult result;
};

}  // namespace

class Execution::State {
 public:
  explicit State(Plan& plan)
      : plan_(plan),
        chains_(plan.settings.chains != 0 ? plan.settings.chains : std::max(1U, std::thread::hardware_concurrency())),
        schedule_(plan.source->splits().size(),
                  plan.load->traits().ordered != 0 || plan.parallel_links < plan.links.size(),
                  plan.settings.budget_bytes),
        readers_(plan.source->splits().size()),
        sequences_(plan.links.size()),
        cpu_(chains_),
        blocking_(std::max(kBlockingThreads, chains_)) {}
  ~State() {
    cpu_.join();
    blocking_.join();
  }

  base::Result<void> open();
  base::Result<void> execute();
  void interrupt();
  base::Result<Outcome> prepare(std::uint64_t epoch);
  base::Result<void> commit(std::uint64_t epoch);
  void close_writers();
  integrity::Ledger ledger() const;
  const Progress& progress() const { return progress_; }
  std::uint64_t bytes_read() const { return plan_.source->bytes_read(); }

 private:
  using Turn = pipeline::Schedule::Turn;

  base::Result<std::unique_ptr<pipeline::Chain>> make_chain(std::size_t from, std::size_t to, std::size_t instance,
                                                            pipeline::TakeReject take_reject);
  base::Result<void> make_worker(std::size_t instance);
  asio::awaitable<void> work(Worker& worker);
  asio::awaitable<void> load();
  asio::awaitable<std::optional<Turn>> take();
  asio::awaitable<std::optional<PieceResult>> next_result();
  asio::awaitable<void> wait(std::unique_lock<std::mutex>& lock);

  // Opens the split if need be and reads its next piece; rows that come at once are collected in `rows`.
  base::Result<pipeline::Piece> read(const Turn& turn, Worker& worker, std::vector<Batch>& rows);
  base::Result<void> parse(const pipeline::Piece& piece, Worker& worker, std::vector<Batch> rows);
  base::Result<void> load_result(PieceResult& result);
  base::Result<void> end_of_input();
  void submit(Worker& worker);
  void spawn(asio::awaitable<void> coroutine);
  void fail(PieceNumber number, base::Error error);
  void wake_all(std::unique_lock<std::mutex>& lock);

  Plan& plan_;
  std::size_t chains_;
  Progress progress_;

  std::mutex mutex_;
  pipeline::Schedule schedule_;                                 // guarded by mutex_
  std::vector<std::function<void()>> waiting_;                  // guarded by mutex_
  std::condition_variable ended_;                               // running_ became 0
  std::size_t running_ = 0;                                     // coroutines; guarded by mutex_
  bool stopped_ = false;                                        // guarded by mutex_
  std::optional<std::pair<PieceNumber, base::Error>> failure_;  // the earliest in the order of rows; guarded by mutex_
  std::vector<std::shared_ptr<pipeline::SplitReader>>
      readers_;  // guarded by mutex_; shared: a chunk may outlive its turn

  std::vector<std::atomic<std::uint64_t>> sequences_;
  std::vector<Worker> workers_;
  std::unique_ptr<pipeline::Chain> tail_;  // from the first link of scope run on
  std::unique_ptr<pipeline::LoadWriter> writer_;
  std::unique_ptr<RejectWriter> reject_writer_;
  pipeline::Deliver to_tail_, to_writer_;
  std::int64_t confirmed_rows_ = -1;
  integrity::Account loaded_;  // kept when the writer is closed

  asio::thread_pool cpu_;
  asio::thread_pool blocking_;
};

base::Result<std::unique_ptr<pipeline::Chain>> Execution::State::make_chain(std::size_t from, std::size_t to,
                                                                            std::size_t instance,
                                                                            pipeline::TakeReject take_reject) {
  std::vector<std::unique_ptr<pipeline::TransformLink>> links;
  for (std::size_t i = from; i < to; ++i) {
    const ArrowSchema& input = i == 0 ? plan_.source->schemas().front().get() : plan_.links[i - 1].output.get();
    WEIR_TRY_ASSIGN(auto link,
                    pipeline::TransformLink::create(plan_.links[i].component, plan_.identity, input, &sequences_[i],
                                                    take_reject, {plan_.settings.validate_full, instance}));
    links.push_back(std::move(link));
  }
  return std::make_unique<pipeline::Chain>(std::move(links));
}

base::Result<void> Execution::State::make_worker(std::size_t instance) {
  Worker& worker = workers_[instance];
  const pipeline::TakeReject keep = [this, &worker](pipeline::Reject reject) -> base::Result<void> {
    if (plan_.reject == nullptr) return base::unexpected(reject.error());
    worker.result.rejects.push_back(std::move(reject));
    return {};
  };
  WEIR_TRY_ASSIGN(worker.chain, make_chain(0, plan_.parallel_links, instance, keep));
  pipeline::OutletSetup setup{plan_.source->plugin(),       plan_.source->link(),
                              &plan_.source->schemas(),     nullptr,
                              plan_.settings.validate_full, false};
  worker.outlet = std::make_unique<pipeline::Outlet>(std::move(setup), &worker.extracted, keep);
  return {};
}

base::Result<void> Execution::State::open() {
  const pipeline::TakeReject write = [this](pipeline::Reject reject) -> base::Result<void> {
    if (reject_writer_ == nullptr) return base::unexpected(reject.error());
    return reject_writer_->add(std::move(reject));
  };
  WEIR_TRY_ASSIGN(writer_, plan_.load->open_writer(plan_.final_schema(), plan_.identity, 0, write));
  if (plan_.reject != nullptr) {
    WEIR_TRY_ASSIGN(reject_writer_, RejectWriter::open(*plan_.reject, plan_.identity));
  }
  WEIR_TRY_ASSIGN(tail_, make_chain(plan_.parallel_links, plan_.links.size(), 0, write));
  to_writer_ = [this](Batch batch) { return writer_->write(std::move(batch)); };
  to_tail_ = [this](Batch batch) { return tail_->process(std::move(batch), to_writer_); };
  workers_ = std::vector<Worker>(chains_);
  for (std::size_t i = 0; i < chains_; ++i) WEIR_TRY(make_worker(i));
  return {};
}

// Suspends the coroutine until wake_all(). `lock` is held on entry and not on return.
asio::awaitable<void> Execution::State::wait(std::unique_lock<std::mutex>& lock) {
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [this, &lock](auto&& handler) {
        auto shared = std::make_shared<std::decay_t<decltype(handler)>>(std::forward<decltype(handler)>(handler));
        waiting_.emplace_back([this, shared] { asio::post(cpu_, [shared] { (*shared)(); }); });
        // From the unlock on the coroutine may go on elsewhere, and take `lock` with it: so it lets go of the mutex first.
        lock.release();
        mutex_.unlock();
      },
      asio::use_awaitable);
}

void Execution::State::wake_all(std::unique_lock<std::mutex>& lock) {
  const auto woken = std::exchange(waiting_, {});
  lock.unlock();
  for (const auto& wake : woken) wake();
}

asio::awaitable<std::optional<pipeline::Schedule::Turn>> Execution::State::take() {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (stopped_ || schedule_.all_read()) co_return std::nullopt;
    if (auto turn = schedule_.try_take(plan_.source->piece_bytes())) co_return turn;
    co_await wait(lock);
  }
}

asio::awaitable<std::optional<PieceResult>> Execution::State::next_result() {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (stopped_) co_return std::nullopt;
    if (auto result = schedule_.try_deliver()) co_return result;
    if (schedule_.all_delivered()) co_return std::nullopt;
    co_await wait(lock);
  }
}

void Execution::State::fail(PieceNumber number, base::Error error) {
  std::unique_lock lock(mutex_);
  const bool told_to_stop = error.status == base::Status::cancelled && (failure_.has_value() || stopped_);
  if (!told_to_stop && (!failure_ || number < failure_->first)) failure_.emplace(number, std::move(error));
  stopped_ = true;
  if (plan_.cancelled != nullptr) *plan_.cancelled = true;
  const auto readers = readers_;
  wake_all(lock);
  for (const auto& reader : readers) {
    if (reader != nullptr) reader->cancel();
  }
}

base::Result<pipeline::Piece> Execution::State::read(const Turn& turn, Worker& worker, std::vector<Batch>& rows) {
  std::shared_ptr<pipeline::SplitReader> reader;
  {
    const std::lock_guard lock(mutex_);
    reader = readers_[turn.number.split];
  }
  if (reader == nullptr) {
    WEIR_TRY_ASSIGN(auto opened, plan_.source->open(turn.number.split));
    reader = std::move(opened);
    const std::lock_guard lock(mutex_);
    readers_[turn.number.split] = reader;
  }
  const pipeline::Deliver to_worker = [&worker](Batch batch) -> base::Result<void> {
    worker.result.batches.push_back(std::move(batch));
    return {};
  };
  const pipeline::Deliver collect = [&](Batch batch) -> base::Result<void> {
    if (rows.size() == kMaxCollected) {
      for (auto& waiting : std::exchange(rows, {})) WEIR_TRY(worker.chain->process(std::move(waiting), to_worker));
    }
    rows.push_back(std::move(batch));
    return {};
  };
  worker.reader = reader;
  auto piece = reader->read(*worker.outlet, collect);
  std::unique_lock lock(mutex_);
  const bool last = !piece || piece->last;
  schedule_.read(turn, piece && piece->got, last, reader->apart());
  if (last) readers_[turn.number.split].reset();
  wake_all(lock);
  return piece;
}

base::Result<void> Execution::State::parse(const pipeline::Piece& piece, Worker& worker, std::vector<Batch> rows) {
  const pipeline::Deliver to_worker = [&worker](Batch batch) -> base::Result<void> {
    worker.result.batches.push_back(std::move(batch));
    return {};
  };
  for (auto& batch : rows) WEIR_TRY(worker.chain->process(std::move(batch), to_worker));
  if (!piece.to_parse) return {};
  const pipeline::Deliver to_chain = [&](Batch batch) { return worker.chain->process(std::move(batch), to_worker); };
  return worker.reader->parse(piece, *worker.outlet, to_chain);
}

void Execution::State::submit(Worker& worker) {
  std::uint64_t bytes = 0;
  for (const auto& batch : worker.result.batches) {
    bytes += static_cast<std::uint64_t>(batch.rows.length()) * sizeof(std::uint32_t);
    if (batch.from != nullptr && batch.from->text != nullptr) bytes += 2 * batch.from->text->size();
  }
  std::unique_lock lock(mutex_);
  schedule_.done(std::exchange(worker.result, {}), bytes);
  wake_all(lock);
}

// GCC 12 has faults with temporaries in co_await expressions, so each has a name.
asio::awaitable<void> Execution::State::work(Worker& worker) {
  for (;;) {
    const std::optional<Turn> turn = co_await take();
    if (!turn) co_return;
    worker.result = PieceResult{turn->number, turn->reserved_bytes, {}, {}};
    co_await hop(blocking_);
    std::vector<Batch> rows;
    auto piece = read(*turn, worker, rows);
    co_await hop(cpu_);
    if (!piece) {
      fail(turn->number, std::move(piece).error());
      co_return;
    }
    const std::uint64_t before = worker.extracted.rows_out;
    if (auto done = parse(*piece, worker, std::move(rows)); !done) {
      fail(turn->number, std::move(done).error());
      co_return;
    }
    progress_.rows_extracted.fetch_add(worker.extracted.rows_out - before, std::memory_order_relaxed);
    if (piece->got) submit(worker);
  }
}

base::Result<void> Execution::State::load_result(PieceResult& result) {
  for (auto& reject : result.rejects) WEIR_TRY(reject_writer_->add(std::move(reject)));
  for (auto& batch : result.batches) {
    progress_.rows_loaded.fetch_add(batch.live(), std::memory_order_relaxed);
    WEIR_TRY(to_tail_(std::move(batch)));
  }
  return {};
}

// Every chain has come to its end: what its links held back follows, chain by chain.
base::Result<void> Execution::State::end_of_input() {
  for (auto& worker : workers_) {
    WEIR_TRY(worker.chain->flush(to_tail_));
    for (auto& reject : worker.result.rejects) WEIR_TRY(reject_writer_->add(std::move(reject)));
    worker.result = {};
  }
  return tail_->flush(to_writer_);
}

asio::awaitable<void> Execution::State::load() {
  PieceNumber last;
  for (;;) {
    std::optional<PieceResult> result = co_await next_result();
    co_await hop(blocking_);
    if (!result) break;
    last = result->number;
    const std::uint64_t bytes = result->reserved_bytes;
    auto done = load_result(*result);
    result.reset();
    if (!done) {
      fail(last, std::move(done).error());
      co_return;
    }
    std::unique_lock lock(mutex_);
    schedule_.returned(bytes);
    wake_all(lock);
  }
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) co_return;
  }
  if (auto done = end_of_input(); !done) fail({readers_.size(), 0}, std::move(done).error());
}

void Execution::State::spawn(asio::awaitable<void> coroutine) {
  {
    const std::lock_guard lock(mutex_);
    ++running_;
  }
  asio::co_spawn(cpu_, std::move(coroutine), [this](const std::exception_ptr& thrown) {
    if (thrown) fail({readers_.size(), 0}, out_of_memory());
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) ended_.notify_all();
  });
}

base::Result<void> Execution::State::execute() {
  for (auto& worker : workers_) spawn(work(worker));
  spawn(load());
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return running_ == 0; });
  readers_.clear();
  if (plan_.cancelled != nullptr) *plan_.cancelled = false;  // what follows, an abort, is to be done
  if (failure_) return base::unexpected(std::move(failure_->second));
  if (stopped_) return base::unexpected(interrupted());
  return {};
}

void Execution::State::interrupt() {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  if (plan_.cancelled != nullptr) *plan_.cancelled = true;
  const auto readers = readers_;
  wake_all(lock);
  for (const auto& reader : readers) {
    if (reader != nullptr) reader->cancel();
  }
  for (auto& worker : workers_) worker.chain->cancel();
  tail_->cancel();
  writer_->cancel();
  if (reject_writer_ != nullptr) reject_writer_->cancel();
}

base::Result<Execution::Outcome> Execution::State::prepare(std::uint64_t epoch) {
  Outcome outcome;
  WEIR_TRY_ASSIGN(outcome.load, writer_->prepare(epoch));
  if (reject_writer_ != nullptr) {
    WEIR_TRY_ASSIGN(outcome.reject, reject_writer_->prepare(epoch));
  }
  confirmed_rows_ = outcome.load.rows;
  return outcome;
}

base::Result<void> Execution::State::commit(std::uint64_t epoch) {
  WEIR_TRY(writer_->commit(epoch));
  return reject_writer_ == nullptr ? base::Result<void>() : reject_writer_->commit(epoch);
}

void Execution::State::close_writers() {
  if (writer_ != nullptr) loaded_ = writer_->account();
  writer_.reset();
  reject_writer_.reset();
}

integrity::Ledger Execution::State::ledger() const {
  integrity::Ledger ledger;
  ledger.confirmed_rows = confirmed_rows_;
  integrity::Line extract{plan_.source->link(), plan_.source->component(), integrity::Role::extract, true, {}};
  for (const auto& worker : workers_) extract.account.merge(worker.extracted);
  extract.account.bytes = plan_.source->bytes_read();
  ledger.lines.push_back(std::move(extract));
  for (std::size_t i = 0; i < plan_.links.size(); ++i) {
    const auto& link = plan_.links[i];
    integrity::Line line{
        link.component->link, link.component->name, integrity::Role::transform, link.traits.rows == WEIR_ROWS_ONCE, {}};
    if (i < plan_.parallel_links) {
      for (const auto& worker : workers_) line.account.merge(worker.chain->links()[i]->account());
    } else {
      line.account.merge(tail_->links()[i - plan_.parallel_links]->account());
    }
    ledger.lines.push_back(std::move(line));
  }
  integrity::Line load{plan_.load->link(), plan_.load->component(), integrity::Role::load, true, {}};
  load.account = writer_ != nullptr ? writer_->account() : loaded_;
  ledger.lines.push_back(std::move(load));
  return ledger;
}

Execution::Execution(Plan& plan) : state_(std::make_unique<State>(plan)) {}
Execution::~Execution() = default;
base::Result<void> Execution::open() { return state_->open(); }
base::Result<void> Execution::execute() { return state_->execute(); }
void Execution::interrupt() { state_->interrupt(); }
base::Result<Execution::Outcome> Execution::prepare(std::uint64_t epoch) { return state_->prepare(epoch); }
base::Result<void> Execution::commit(std::uint64_t epoch) { return state_->commit(epoch); }
void Execution::close_writers() { state_->close_writers(); }
integrity::Ledger Execution::ledger() const { return state_->ledger(); }
const Progress& Execution::progress() const { return state_->progress(); }
std::uint64_t Execution::bytes_read() const { return state_->bytes_read(); }

}  // namespace weir::run
