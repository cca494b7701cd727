#include "run/execution.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <mutex>

#include "run/guarantee.hpp"
#include "run/interrupt.hpp"
#include "run/limit.hpp"
#include "run/open_readers.hpp"
#include "run/tally.hpp"
#include "run/waiting_room.hpp"
#include "run/worker.hpp"

namespace weir::run {
namespace {

namespace asio = boost::asio;
using pipeline::Batch;
using pipeline::PieceNumber;
using pipeline::PieceResult;

constexpr std::size_t kBlockingThreads = 4;
constexpr std::size_t kMaxCollected = 16;  // batches of one read(); more go down the chain at once

}  // namespace

class Execution::State {
 public:
  State(Plan& plan, Standing from)
      : plan_(plan),
        from_(std::move(from)),
        chains_(workers_of(plan)),
        limit_(plan.limits),
        wiring_(plan.wiring()),
        splits_(splits_of(plan)),
        teller_(plan),
        tally_(plan, splits_, from_),
        readers_(plan, splits_, from_.open),
        schedule_(splits_.size(), is_ordered(plan), plan.settings.budget_bytes),
        sequences_(plan.links.size()),
        spent_(plan),
        cpu_(chains_),
        blocking_(std::max(kBlockingThreads, chains_ + 1)) {  // all readers may wait, and the loads still go on
    for (const auto& source : plan.sources) piece_bytes_ = std::max(piece_bytes_, source->piece_bytes());
    for (const std::size_t split : from_.finished) schedule_.leave_out(split);
    if (!from_.totals.sources.empty()) {
      const integrity::Ledger before = ledger_of(plan, from_.totals);
      limit_.go_on(before.extracted(), before.rejected());
    }
  }
  ~State() {
    stop();
    cpu_.join();
    blocking_.join();
  }

  base::Result<void> open();
  std::optional<OneEpoch> one_epoch() const;
  base::Result<Flowed> flow();
  void interrupt();
  void drain();
  base::Result<Cut> cut(std::uint64_t epoch, bool last);
  base::Result<void> commit(std::uint64_t epoch) { return writers_->commit(epoch); }
  bool open_epoch() const { return tally_.open_epoch(); }
  base::Result<void> acknowledge(const Standing& committed) { return readers_.acknowledge(committed); }
  void close_writers();
  integrity::Ledger ledger() const;
  const Progress& progress() const { return progress_; }
  std::uint64_t bytes_read() const { return plan_.bytes_read(); }
  events::RunTimed spent() const { return spent_.told(chains_); }

 private:
  using Turn = pipeline::Schedule::Turn;

  base::Result<void> make_worker(std::size_t instance);
  asio::awaitable<void> work(Worker& worker);
  asio::awaitable<void> load();
  asio::awaitable<bool> end_epoch();
  bool is_due() { return many_epochs_ && tally_.is_due(plugins::monotonic_ns()); }
  bool is_silent();
  asio::awaitable<std::optional<Turn>> take();
  asio::awaitable<std::optional<PieceResult>> next_result();

  // Opens the split if need be and reads its next piece; rows that come at once are collected in `rows`.
  base::Result<pipeline::Piece> read(const Turn& turn, Worker& worker, std::vector<Batch>& rows);
  base::Result<void> parse(const pipeline::Piece& piece, Worker& worker, std::vector<Batch> rows);
  base::Result<void> enter(Worker& worker, std::size_t source, Batch batch);
  base::Result<void> load_result(PieceResult& result);
  void stop();  // waits until nothing runs any more
  base::Result<void> keep_rejects(std::vector<pipeline::Reject>& rejects);
  base::Result<void> end_of_input();
  void submit(Worker& worker);
  bool give_up(const Turn& turn, const base::Error& error);
  void spawn(asio::awaitable<void> coroutine);
  void fail(PieceNumber number, base::Error error);

  Plan& plan_;
  Standing from_;
  std::size_t chains_;
  RejectLimit limit_;
  const pipeline::Wiring wiring_;
  const std::vector<SplitOf> splits_;
  std::uint64_t piece_bytes_ = 0;  // of the source with the largest
  Progress progress_;
  Teller teller_;  // the loads' coroutine's
  Tally tally_;    // the loads' coroutine's; between two flow() [main]
  bool many_epochs_ = false;
  OpenReaders readers_;

  std::mutex mutex_;
  pipeline::Schedule schedule_;                                 // guarded by mutex_
  std::map<std::size_t, std::uint64_t> ends_;                   // how far splits were read; guarded by mutex_
  std::condition_variable ended_;                               // running_ became 0
  std::size_t running_ = 0;                                     // coroutines; guarded by mutex_
  bool stopped_ = false;                                        // guarded by mutex_
  bool begun_ = false;                                          // coroutines were spawned; flow()'s alone
  bool at_barrier_ = false;                                     // the loads wait for flow(); guarded by mutex_
  bool draining_ = false;                                       // guarded by mutex_
  bool drained_ = false;                                        // before the input's end; guarded by mutex_
  std::optional<std::pair<PieceNumber, base::Error>> failure_;  // the earliest in the order of rows; guarded by mutex_

  std::vector<std::atomic<std::uint64_t>> sequences_;
  SpentTime spent_;
  std::vector<Worker> workers_;
  std::unique_ptr<pipeline::Chain> tail_;  // the gathered links
  std::unique_ptr<Writers> writers_;
  pipeline::Exit to_tail_, to_writers_;

  asio::thread_pool cpu_;
  WaitingRoom waiting_{cpu_, mutex_};
  asio::thread_pool blocking_;
};

base::Result<void> Execution::State::make_worker(std::size_t instance) {
  Worker& worker = workers_[instance];
  const pipeline::TakeReject keep = [this, &worker](pipeline::Reject reject) -> base::Result<void> {
    if (!plan_.reject) return base::unexpected(reject.error());
    WEIR_TRY(limit_.add(reject));
    worker.result.rejects.push_back(std::move(reject));
    return {};
  };
  worker.exit = [&worker](pipeline::Target to, Batch batch) -> base::Result<void> {
    worker.result.batches.push_back({to, std::move(batch)});
    return {};
  };
  WEIR_TRY_ASSIGN(worker.chain, make_chain(plan_, wiring_, sequences_, spent_, {false, instance}, keep));
  for (const auto& source : plan_.sources) {
    Intake& intake = worker.intakes.emplace_back();
    intake.outlet = std::make_unique<pipeline::Outlet>(pipeline::outlet_setup(*source, plan_.settings.validate_full),
                                                       &intake.account, keep);
  }
  return {};
}

base::Result<void> Execution::State::open() {
  const pipeline::TakeReject write = [this](pipeline::Reject reject) -> base::Result<void> {
    if (!plan_.reject) return base::unexpected(reject.error());
    WEIR_TRY(limit_.add(reject));
    WEIR_TRY(limit_.judge(0, 1));
    writers_->reject(std::move(reject));
    return {};
  };
  WEIR_TRY_ASSIGN(writers_, Writers::open(plan_, write, from_.resume));
  WEIR_TRY_ASSIGN(tail_, make_chain(plan_, wiring_, sequences_, spent_, {true, 0}, write));
  WEIR_TRY(restore_links(*tail_, from_.state));
  from_.state.clear();
  to_writers_ = [this](pipeline::Target to, Batch batch) {
    progress_.rows_loaded.fetch_add(batch.live(), std::memory_order_relaxed);
    const pipeline::Stage stage(spent_.ends[to.number]);
    return writers_->write(to.number, std::move(batch));
  };
  to_tail_ = [this](pipeline::Target to, Batch batch) { return tail_->go_on(to, std::move(batch), to_writers_); };
  workers_ = std::vector<Worker>(chains_);
  for (std::size_t i = 0; i < chains_; ++i) WEIR_TRY(make_worker(i));
  many_epochs_ = !one_epoch();
  return feed_sides(plan_, *tail_, workers_);
}

std::optional<OneEpoch> Execution::State::one_epoch() const {
  auto why = run::one_epoch(plan_);
  return why ? why : writers_->one_epoch();
}

asio::awaitable<std::optional<pipeline::Schedule::Turn>> Execution::State::take() {
  const Waited waited(spent_.chains_waited);
  for (;;) {
    std::unique_lock lock(mutex_);
    if (stopped_ || draining_ || schedule_.all_read()) co_return std::nullopt;
    if (plan_.budget != nullptr) schedule_.limit(plan_.budget->share());
    if (auto turn = schedule_.try_take(piece_bytes_)) co_return turn;
    co_await waiting_.wait(lock);
  }
}

// None: the run was stopped, all is delivered, or the epoch is due though nothing comes.
asio::awaitable<std::optional<PieceResult>> Execution::State::next_result() {
  const Waited waited(spent_.loads_waited);
  for (;;) {
    std::unique_lock lock(mutex_);
    if (stopped_) co_return std::nullopt;
    if (auto result = schedule_.try_deliver()) co_return result;
    if (schedule_.all_delivered() || (draining_ && schedule_.idle()) || is_due()) co_return std::nullopt;
    co_await waiting_.wait_until(lock, many_epochs_ ? tally_.due_ns() : std::nullopt);
  }
}

void Execution::State::fail(PieceNumber number, base::Error error) {
  std::unique_lock lock(mutex_);
  const bool told_to_stop = error.status == base::Status::cancelled && stopped_;
  if (!told_to_stop && (!failure_ || number < failure_->first)) failure_.emplace(number, std::move(error));
  stopped_ = true;
  if (plan_.cancelled != nullptr) *plan_.cancelled = true;
  waiting_.wake_all(lock);
  readers_.cancel();
}

base::Result<void> Execution::State::enter(Worker& worker, std::size_t source, Batch batch) {
  const auto to = plan_.entry(source);
  if (!to) return worker.chain->enter(std::move(batch), worker.exit);
  return batch.live() == 0 ? base::Result<void>() : worker.chain->go_on(*to, std::move(batch), worker.exit);
}

base::Result<pipeline::Piece> Execution::State::read(const Turn& turn, Worker& worker, std::vector<Batch>& rows) {
  WEIR_TRY_ASSIGN(auto reader, readers_.get(turn.number.split));
  const SplitOf split = splits_[turn.number.split];
  const pipeline::Stage stage(spent_.sources[split.source]);
  const pipeline::Deliver collect = [&](Batch batch) -> base::Result<void> {
    if (rows.size() == kMaxCollected) {
      for (auto& waiting : std::exchange(rows, {})) WEIR_TRY(enter(worker, split.source, std::move(waiting)));
    }
    rows.push_back(std::move(batch));
    return {};
  };
  worker.reader = reader;
  auto piece = reader->read(*worker.intakes[split.source].outlet, collect);
  if (!piece) return piece;  // its turn stays open: nobody must take the input for read, and flush
  std::unique_lock lock(mutex_);
  schedule_.read(turn, piece->got, piece->last, reader->apart());
  ends_[turn.number.split] = piece->reached;
  waiting_.wake_all(lock);
  if (piece->last) readers_.close(turn.number.split);
  return piece;
}

base::Result<void> Execution::State::parse(const pipeline::Piece& piece, Worker& worker, std::vector<Batch> rows) {
  const std::size_t source = splits_[worker.result.number.split].source;
  const pipeline::Stage stage(spent_.sources[source]);
  const pipeline::Deliver to_chain = [&](Batch batch) { return enter(worker, source, std::move(batch)); };
  for (auto& batch : rows) WEIR_TRY(to_chain(std::move(batch)));
  if (piece.to_parse) WEIR_TRY(worker.reader->parse(piece, *worker.intakes[source].outlet, to_chain));
  return worker.end_piece();
}

void Execution::State::submit(Worker& worker) {
  worker.count(splits_[worker.result.number.split].source);
  const std::uint64_t bytes = held_bytes(plan_, worker.result);
  std::unique_lock lock(mutex_);
  schedule_.done(std::exchange(worker.result, {}), bytes);
  waiting_.wake_all(lock);
}

// GCC 12 has faults with temporaries in co_await expressions, so each has a name.
asio::awaitable<void> Execution::State::work(Worker& worker) {
  for (;;) {
    const std::optional<Turn> turn = co_await take();
    if (!turn) co_return;
    worker.begin(turn->number, turn->reserved_bytes);
    co_await hop(blocking_);
    std::vector<Batch> batches;
    auto piece = read(*turn, worker, batches);
    co_await hop(cpu_);
    if (!piece && give_up(*turn, piece.error())) co_return;
    if (!piece) {
      fail(turn->number, std::move(piece).error());
      co_return;
    }
    // With nothing to give, its turn is over: the loads may be at the end of the input by now, and look into the workers.
    if (!piece->got) continue;
    if (auto done = parse(*piece, worker, std::move(batches)); !done) {
      fail(turn->number, std::move(done).error());
      co_return;
    }
    worker.result.position = piece->position;
    worker.result.reached = piece->reached;
    const auto& extracted = worker.intakes[splits_[turn->number.split].source].account;
    const std::uint64_t rows = extracted.rows_out + extracted.rejected.total();
    progress_.rows_extracted.fetch_add(rows, std::memory_order_relaxed);
    if (auto within = limit_.judge(rows, worker.result.rejects.size()); !within) {
      fail(turn->number, std::move(within).error());
      co_return;
    }
    submit(worker);
  }
}

base::Result<void> Execution::State::keep_rejects(std::vector<pipeline::Reject>& rejects) {
  for (auto& reject : rejects) {
    teller_.reject(reject);
    writers_->reject(std::move(reject));
    WEIR_TRY(writers_->write_rejects());
  }
  return {};
}

base::Result<void> Execution::State::load_result(PieceResult& result) {
  tally_.add(result);
  WEIR_TRY(keep_rejects(result.rejects));
  WEIR_TRY(merge_partials(*tail_, result.partials));
  for (auto& [to, batch] : result.batches) WEIR_TRY(to_tail_(to, std::move(batch)));
  return {};
}

// Every chain has come to its end: what its links held back follows, chain by chain.
base::Result<void> Execution::State::end_of_input() {
  for (auto& worker : workers_) {
    worker.begin({splits_.size(), 0}, 0);
    WEIR_TRY(worker.chain->flush(WEIR_FLUSH_END, to_tail_));
    WEIR_TRY(worker.merge_partials(*tail_));
    WEIR_TRY(limit_.judge(0, worker.result.rejects.size()));
    WEIR_TRY(keep_rejects(worker.result.rejects));
    tally_.add_links(worker);
  }
  WEIR_TRY(tail_->flush(WEIR_FLUSH_END, to_writers_));
  return limit_.judge_all();
}

// Whether there will be more to deliver, though there is nothing now.
bool Execution::State::is_silent() {
  const std::lock_guard lock(mutex_);
  return !stopped_ && !schedule_.all_delivered() && !(draining_ && schedule_.idle());
}

// Leaves what was written to whoever called flow(), and waits for the next one. False: the run was stopped meanwhile.
asio::awaitable<bool> Execution::State::end_epoch() {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) co_return false;
    at_barrier_ = true;
    ended_.notify_all();
  }
  for (;;) {
    std::unique_lock lock(mutex_);
    if (stopped_) co_return false;
    if (!at_barrier_) co_return true;
    co_await waiting_.wait(lock);
  }
}

asio::awaitable<void> Execution::State::load() {
  PieceNumber last;
  for (;;) {
    std::optional<PieceResult> result = co_await next_result();
    co_await hop(blocking_);
    if (!result && !is_silent()) break;
    if (!result) {
      const bool goes_on = co_await end_epoch();
      if (!goes_on) co_return;
      continue;
    }
    last = result->number;
    const std::uint64_t bytes = result->reserved_bytes;
    auto done = load_result(*result);
    result.reset();
    if (!done) {
      fail(last, std::move(done).error());
      co_return;
    }
    teller_.progress(progress_.rows_extracted, progress_.rows_loaded, plugins::monotonic_ns());
    std::unique_lock lock(mutex_);
    schedule_.returned(bytes);
    waiting_.wake_all(lock);
    if (!is_due()) continue;
    const bool goes_on = co_await end_epoch();
    if (!goes_on) co_return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || !schedule_.all_delivered()) co_return;
    drained_ = false;
  }
  if (auto done = end_of_input(); !done) fail({splits_.size(), 0}, std::move(done).error());
}

void Execution::State::spawn(asio::awaitable<void> coroutine) {
  {
    const std::lock_guard lock(mutex_);
    ++running_;
  }
  asio::co_spawn(cpu_, std::move(coroutine), [this](const std::exception_ptr& thrown) {
    if (thrown) fail({splits_.size(), 0}, thrown_error(thrown));
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) ended_.notify_all();
  });
}

base::Result<Flowed> Execution::State::flow() {
  const Waited flowing(spent_.flowing);
  if (!std::exchange(begun_, true)) {
    for (auto& worker : workers_) spawn(work(worker));
    spawn(load());
  } else {
    std::unique_lock lock(mutex_);
    at_barrier_ = false;
    waiting_.wake_all(lock);
  }
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return running_ == 0 || at_barrier_; });
  if (failure_) return base::unexpected(failure_->second);
  if (stopped_) return base::unexpected(interrupted());
  if (at_barrier_) return Flowed::barrier;
  readers_.clear();
  return drained_ ? Flowed::drained : Flowed::end;
}

base::Result<Cut> Execution::State::cut(std::uint64_t epoch, bool last) {
  Cut cut;
  if (!last) {
    WEIR_TRY(tail_->flush(WEIR_FLUSH_BARRIER, to_writers_));
    WEIR_TRY_ASSIGN(cut.state, snapshot_links(*tail_));
  }
  WEIR_TRY_ASSIGN(cut.prepared, writers_->prepare(epoch, last));
  {
    const std::lock_guard lock(mutex_);
    cut.finished = schedule_.take_finished();
    for (const std::size_t split : cut.finished) tally_.end(split, ends_[split]);
  }
  tally_.cut(cut, *tail_, *writers_, plugins::monotonic_ns());
  return cut;
}

void Execution::State::drain() {
  if (!many_epochs_) return interrupt();
  std::unique_lock lock(mutex_);
  draining_ = drained_ = true;
  waiting_.wake_all(lock);
  readers_.cancel();
}

// Whether a reading failed because nothing more is to be read: then its turn comes to nothing.
bool Execution::State::give_up(const Turn& turn, const base::Error& error) {
  std::unique_lock lock(mutex_);
  if (!draining_ || stopped_ || error.status != base::Status::cancelled) return false;
  schedule_.read(turn, false, false, false);
  waiting_.wake_all(lock);
  return true;
}

void Execution::State::stop() {
  std::unique_lock lock(mutex_);
  if (running_ == 0) return;
  lock.unlock();
  interrupt();
  lock.lock();
  ended_.wait(lock, [this] { return running_ == 0; });
}

void Execution::State::interrupt() {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  if (plan_.cancelled != nullptr) *plan_.cancelled = true;
  waiting_.wake_all(lock);
  readers_.cancel();
  for (auto& worker : workers_) worker.chain->cancel();
  tail_->cancel();
  writers_->cancel();
}

void Execution::State::close_writers() {
  stop();
  if (writers_ != nullptr) writers_->close();
}

integrity::Ledger Execution::State::ledger() const { return ledger_of(plan_, tally_.totals(*tail_, *writers_)); }

Execution::Execution(Plan& plan, Standing from) : state_(std::make_unique<State>(plan, std::move(from))) {
  if (plan.quality != nullptr) plan.quality->clear();
}
Execution::~Execution() = default;
base::Result<void> Execution::open() { return state_->open(); }
std::optional<OneEpoch> Execution::one_epoch() const { return state_->one_epoch(); }
base::Result<Flowed> Execution::flow() { return state_->flow(); }
void Execution::interrupt() { state_->interrupt(); }
void Execution::drain() { state_->drain(); }
base::Result<Cut> Execution::cut(std::uint64_t epoch, bool last) { return state_->cut(epoch, last); }
bool Execution::open_epoch() const { return state_->open_epoch(); }
base::Result<void> Execution::commit(std::uint64_t epoch) { return state_->commit(epoch); }
base::Result<void> Execution::acknowledge(const Standing& committed) { return state_->acknowledge(committed); }
void Execution::close_writers() { state_->close_writers(); }
integrity::Ledger Execution::ledger() const { return state_->ledger(); }
const Progress& Execution::progress() const { return state_->progress(); }
std::uint64_t Execution::bytes_read() const { return state_->bytes_read(); }
events::RunTimed Execution::spent() const { return state_->spent(); }

}  // namespace weir::run
