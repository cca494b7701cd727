// Session: one life of a component, from its first call to its last, as a host would lead it; with what the kit does
// differently (Knobs), and what it sees meanwhile. Every call to the plugin goes through call() or finish(), every call of the
// plugin through a receiver: there the rules that hold everywhere are watched. What breaks one is an observation, under the
// name of the case that tells it.
//
// A life ends early on purpose (a knob), or because the plugin says no. Both come as an Error on its way out, so that what
// stands in the stack ends what it has begun.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "arrow/shared.hpp"
#include "conformance/subject.hpp"
#include "plugins/config.hpp"
#include "plugins/context.hpp"
#include "plugins/error.hpp"
#include "plugins/guard.hpp"
#include "plugins/host_table.hpp"
#include "plugins/memory.hpp"

namespace weir::conformance {

using MakeRows = std::function<weir::Array(const ArrowSchema& columns, std::int64_t first, std::int64_t count)>;

// What is done differently in a life. Calls and callbacks count from 0; -1: never.
struct Knobs {
  const ArrowSchema* columns = nullptr;   // of the rows that are given; null: the sample's
  const ArrowSchema* expected = nullptr;  // of the rows that a reader gives; null: its own
  std::vector<std::int64_t> batches{40, 1, 60};
  MakeRows rows;                                  // null: sample_rows()
  std::optional<nlohmann::ordered_json> options;  // as a manifest has them, else the sample's
  std::optional<std::string> document;            // what a format reads, a codec expands; else what it made itself
  std::optional<std::filesystem::path> place;     // of another life; else a new one
  std::int64_t end_after = -1;                    // the call before which the instance is ended
  std::int64_t refuse_at = -1;                    // the callback that is answered with CANCELLED
  std::int64_t cancel_at = -1;                    // the call before which it is cancelled
  std::size_t piece = 1U << 20U;                  // bytes that go into or out of one call, at most
  std::int64_t fence = 1;
  bool sliced = false;             // batches are windows of a longer array
  bool other_threads = false;      // each call is made on a thread of its own
  bool release_elsewhere = false;  // rows that were pushed are released on another thread
  bool grown = false;              // structs are those of a later host
  bool memory_refused = false;     // the host's memory gives nothing
};

// A life in the place of another one.
inline Knobs at_place(const std::filesystem::path& place, std::int64_t fence = 1) {
  Knobs knobs;
  knobs.place = place;
  knobs.fence = fence;
  return knobs;
}

// By which structs of a later host are longer, in bytes.
inline constexpr std::size_t kLaterBytes = 64;

// What is known of a call to the plugin while it runs.
struct RunningCall {
  std::thread::id thread;
  std::int64_t rows_out = 0;
  bool refused = false;
  std::string refused_by;
};

class Session {
 public:
  Session(Subject& subject, Knobs knobs) : subject_(subject), knobs_(std::move(knobs)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Leads the whole life. An error is the plugin's refusal of it, not an end that a knob made.
  Step live();
  // Only its beginning, for a case that leads the life by itself: place, options, traits. settle() ends it.
  Step begin() { return prepare(); }

  // What came of it.
  const std::vector<std::string>& rows() const { return rows_; }  // that it passed on, as JSON, in order
  std::int64_t calls() const { return calls_; }
  std::int64_t callbacks() const { return callbacks_; }
  bool refused() const { return refused_; }       // the knob's callback came
  weir_status status() const { return status_; }  // of the last call
  const std::string& message() const { return message_; }
  const std::filesystem::path& place() const { return place_; }
  std::uint64_t host_memory_used() const { return memory_ == nullptr ? 0 : memory_->used_bytes(); }
  // What broke the rule of a case; null: nothing did.
  const std::string* observed(std::string_view case_name) const;
  const std::vector<std::unique_ptr<weir::Schema>>& outputs() const { return outputs_; }

  // For the lives of the kinds, from here on.
  Subject& subject() { return subject_; }
  const Knobs& knobs() const { return knobs_; }
  const weir_component& description() const { return *description_; }
  template <class Table>
  const Table& table() const {
    return *static_cast<const Table*>(description_->table);
  }
  const weir_traits& traits() const { return traits_; }
  const weir_config* config() const { return config_->get(); }
  std::string option(const std::string& pointer) const;  // a text of the options
  // Which lane, epoch, fence an instance belongs to; valid as long as the session.
  const weir_context* context(std::uint64_t epoch = 1, std::string lane = "main",
                              std::int32_t commit = WEIR_COMMIT_NONE);

  // Calls a function that can fail, unless a knob ends the life here.
  Step call(std::string_view function, const std::function<weir_status(weir_error* error)>& body);
  // Calls one that ends an instance: always.
  void finish(std::string_view function, const std::function<void()>& body);
  // What cancels the instance that there is; an empty one: nothing does.
  void can_cancel(std::function<void()> cancel) { cancel_ = std::move(cancel); }

  const ArrowSchema& columns() const;
  std::vector<arrow::SharedArray> batches();
  // Lends the rows to a call, as `use` makes it, and watches what becomes of them.
  Step lend(const arrow::SharedArray& rows, const ArrowSchema& schema,
            const std::function<Step(weir_batch* batch)>& use);
  static void each_row(const ArrowArray& rows, const ArrowSchema& schema,
                       const std::function<void(std::string row)>& use);
  void add_row(std::string row) { rows_.push_back(std::move(row)); }
  // What the instances to come tell are other schemas than those so far.
  void forget_outputs();
  // Rows that left in the last call, however they did.
  std::int64_t rows_passed() const { return rows_passed_; }
  // Checks, once instances are gone, that what they passed on is still what it was, and releases it.
  void settle();

  // Receivers, lent for calls. The session keeps what they get.
  const weir_schema_sink* schema_sink() { return &schema_sink_; }
  const weir_next* next() { return &next_; }
  const weir_sink* byte_sink(std::vector<std::string>& into);
  // Asks a knob, and watches: called by each receiver, with the name of its function.
  weir_status callback(std::string_view function);
  void observe(std::string_view case_name, std::string_view text);

 private:
  struct SchemaSink : weir_schema_sink {
    Session* session;
  };
  struct Next : weir_next {
    Session* session;
  };
  struct ByteSink : weir_sink {
    Session* session;
    std::vector<std::string>* into;
  };
  struct Pushed {
    weir::Array rows;
    const ArrowSchema* schema;
    std::string text;
  };
  // The call that is made at the moment.
  Step prepare();
  Step fill_place();
  void set_up_host();
  Step life_of_kind();
  Step ended() const;
  void rest();
  weir_status invoke(std::string_view function, const std::function<weir_status()>& body);
  Step judge(std::string_view function, weir_status status, const weir_error& error);
  void watch_error(std::string_view function, weir_status status, const weir_error& error);
  void set_up_receivers();
  void told(ArrowSchema* schema);
  void take(std::uint64_t output, weir_batch* batch);
  void choose(std::uint64_t output, const std::uint32_t* rows, std::uint64_t count);
  void watch_origins(const weir_batch& batch);
  void watch_reject(const weir_reject& reject);
  bool known_output(std::uint64_t output, std::string_view function);

  static weir_status put_schema(const weir_schema_sink* self, weir_string name, ArrowSchema* schema);
  static weir_status same_schema(const weir_schema_sink* self, weir_string name, const ArrowSchema* schema);
  static weir_status push(const weir_next* self, std::uint64_t output, weir_batch* batch);
  static weir_status select(const weir_next* self, std::uint64_t output, const std::uint32_t* rows,
                            std::uint64_t count);
  static weir_status reject(const weir_next* self, const weir_reject* reject);
  static weir_status drop(const weir_next* self, std::uint64_t count, weir_string reason);
  static weir_status put_bytes(const weir_sink* self, weir_bytes bytes);

  Subject& subject_;
  Knobs knobs_;
  const Sample* sample_ = nullptr;
  const weir_component* description_ = nullptr;
  std::filesystem::path place_;
  std::unique_ptr<plugins::ConfigHandle> config_;
  std::unique_ptr<plugins::HostTable> host_;
  std::unique_ptr<plugins::Memory> memory_;
  std::uint8_t* last_memory_ = nullptr;  // the only buffer that there is, when there is to be none
  std::deque<std::unique_ptr<plugins::ContextOwner>> contexts_;
  std::deque<std::vector<char>> grown_;
  weir_traits traits_{};
  std::atomic<bool> cancelled_ = false;
  std::function<void()> cancel_;

  SchemaSink schema_sink_{};
  Next next_{};
  std::deque<std::unique_ptr<ByteSink>> byte_sinks_;
  std::vector<std::unique_ptr<weir::Schema>> outputs_;
  std::vector<std::unique_ptr<weir::Schema>> earlier_outputs_;
  std::vector<Pushed> pushed_;
  std::vector<std::string> rows_;
  const ArrowSchema* in_hand_schema_ = nullptr;
  const arrow::SharedArray* in_hand_ = nullptr;
  std::optional<RunningCall> running_;
  std::int64_t calls_ = 0, callbacks_ = 0, rows_passed_ = 0;
  bool refused_ = false, over_ = false;
  weir_status status_ = WEIR_OK;
  std::string message_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> observed_;
};

// Ends what it was made for when it goes out of sight.
class Ending {
 public:
  Ending(Session& session, std::string_view function, std::function<void()> body)
      : session_(session), function_(function), body_(std::move(body)) {}
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  ~Ending() { now(); }
  void now() {
    if (body_) session_.finish(function_, std::exchange(body_, nullptr));
  }

 private:
  Session& session_;
  std::string_view function_;
  std::function<void()> body_;
};

// The lives, one a kind: as few calls as a whole one needs.
Step live_as_extractor(Session& session);
Step live_as_transformer(Session& session);
Step live_as_loader(Session& session);
Step live_as_format(Session& session);
Step live_as_storage(Session& session);
Step live_as_codec(Session& session);
Step live_as_connection(Session& session);

// Reads rows by a reader until it ends, or has given enough; tells `at` after each read(), if not empty.
Step read_all(Session& session, const weir_reader& reader, void* self, const std::function<Step()>& at = nullptr);

std::string_view text_of(weir_string text);
weir_string string_of(std::string_view text);
weir_bytes bytes_of(std::string_view text);

}  // namespace weir::conformance
