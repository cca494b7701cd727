// The lives of those that rows go through, come from, and go to.
#include "conformance/lives.hpp"

namespace weir::conformance {

namespace {

constexpr int kMostReads = 2000;  // of a split: a source may be endless
constexpr int kMostIdle = 3;      // reads without a row
constexpr std::size_t kEnoughRows = 5000;

// Options of which the host reads the rows: inputs beside the first.
std::vector<std::string> side_inputs(Session& session) {
  std::vector<std::string> names;
  const auto& schema = session.subject().component().schema;
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return names;
  for (const auto& [name, rule] : properties->items()) {
    if (rule.is_object() && rule.value("format", "") == "rows") names.push_back(name);
  }
  return names;
}

}  // namespace

Step live_as_transformer(Session& session) {
  const auto& table = session.table<weir_transformer>();
  Transformation made(session);
  WEIR_TRY(made.create());
  for (const auto& rows : session.batches()) WEIR_TRY(made.process(rows));
  if (WEIR_CAN(&table, flush)) WEIR_TRY(made.flush(WEIR_FLUSH_BARRIER));
  return made.end();
}

Transformation::~Transformation() {
  if (created_) session_.finish("destroy", [this] { session_.table<weir_transformer>().destroy(self_); });
}

Step Transformation::create() {
  const auto& table = session_.table<weir_transformer>();
  const std::vector<std::string> sides = side_inputs(session_);
  const std::vector<const ArrowSchema*> inputs(1 + sides.size(), &session_.columns());
  std::vector<weir_string> names{{nullptr, 0}};
  for (const auto& side : sides) names.push_back(string_of(side));
  WEIR_TRY(session_.call("create", [&](weir_error* error) {
    return table.create(session_.context(), inputs.data(), names.data(), inputs.size(), session_.schema_sink(), &self_,
                        error);
  }));
  created_ = true;
  if (session_.outputs().empty()) session_.observe("tells-schema", "create() told no schema");
  if (WEIR_CAN(&table, cancel)) session_.can_cancel([this] { session_.table<weir_transformer>().cancel(self_); });
  for (std::uint64_t input = 1; input <= sides.size(); ++input) WEIR_TRY(feed(input));
  return {};
}

// The rows of a side input: all that there are, however they are cut, before any other row.
Step Transformation::feed(std::uint64_t input) {
  const auto& table = session_.table<weir_transformer>();
  for (const auto& rows : session_.batches()) {
    WEIR_TRY(session_.lend(rows, session_.columns(), [&](weir_batch* batch) {
      return session_.call(
          "process", [&](weir_error* error) { return table.process(self_, input, batch, session_.next(), error); });
    }));
    if (session_.rows_passed() > 0)
      session_.observe("rows-balance", "rows left before all of input " + std::to_string(input) + " were there");
  }
  if (!holds_back()) return {};
  return session_.call(
      "flush", [&](weir_error* error) { return table.flush(self_, input, WEIR_FLUSH_INPUT, session_.next(), error); });
}

Step Transformation::process(const arrow::SharedArray& rows) {
  const auto& table = session_.table<weir_transformer>();
  WEIR_TRY(session_.lend(rows, session_.columns(), [&](weir_batch* batch) {
    return session_.call("process",
                         [&](weir_error* error) { return table.process(self_, 0, batch, session_.next(), error); });
  }));
  if (session_.traits().rows == WEIR_ROWS_ONCE && session_.rows_passed() != rows.length() && !holds_back()) {
    session_.observe("rows-balance", "of " + std::to_string(rows.length()) + " rows in, " +
                                         std::to_string(session_.rows_passed()) +
                                         " were pushed, selected, rejected or dropped");
  }
  return {};
}

bool Transformation::holds_back() const { return WEIR_CAN(&session_.table<weir_transformer>(), flush); }

Step Transformation::flush(std::int32_t why) {
  return session_.call("flush", [&](weir_error* error) {
    return session_.table<weir_transformer>().flush(self_, 0, why, session_.next(), error);
  });
}

Step Transformation::end() { return holds_back() ? flush(WEIR_FLUSH_END) : Step(); }

Step read_all(Session& session, const weir_reader& reader, void* self, const std::function<Step()>& at) {
  int idle = 0;
  for (int reads = 0; reads < kMostReads && idle < kMostIdle && session.rows().size() < kEnoughRows; ++reads) {
    std::int32_t outcome = -1;
    constexpr std::int64_t kWaitNs = 200'000'000;
    WEIR_TRY(session.call("read", [&](weir_error* error) {
      return reader.read(self, plugins::monotonic_ns() + kWaitNs, session.next(), &outcome, error);
    }));
    if (outcome < WEIR_READ_MORE || outcome > WEIR_READ_SCHEMA) {
      session.observe("outcome-known", "read() told the outcome " + std::to_string(outcome));
      return {};
    }
    idle += outcome == WEIR_READ_IDLE ? 1 : 0;
    if (at) WEIR_TRY(at());
    if (outcome == WEIR_READ_END || outcome == WEIR_READ_SCHEMA) return {};
  }
  return {};
}

Reading::~Reading() { close(); }

void Reading::close() {
  if (std::exchange(opened_, false)) session_.finish("close", [this] { reader_.close(self_); });
}

void Reading::opened() {
  opened_ = true;
  if (session_.outputs().empty()) session_.observe("tells-schema", "no schema was told when a reader was opened");
  if (WEIR_CAN(&reader_, cancel)) session_.can_cancel([this] { reader_.cancel(self_); });
}

Step Reading::open(const Split& split, std::string_view position) {
  weir_split raw{};
  raw.size = sizeof raw;
  raw.id = string_of(split.id);
  raw.token = bytes_of(split.token);
  raw.rows = raw.bytes = -1;
  session_.forget_outputs();
  WEIR_TRY(session_.call("open", [&](weir_error* error) {
    return session_.table<weir_extractor>().open(session_.context(), &raw, bytes_of(position), session_.schema_sink(),
                                                 &self_, error);
  }));
  opened();
  return {};
}

Step Reading::open(const weir_input* input, std::string_view position) {
  session_.forget_outputs();
  WEIR_TRY(session_.call("open_reader", [&](weir_error* error) {
    return session_.table<weir_format>().open_reader(session_.context(), input, bytes_of(position),
                                                     session_.schema_sink(), &self_, error);
  }));
  opened();
  return {};
}

base::Result<std::string> Reading::position() {
  std::vector<std::string> told;
  WEIR_TRY(session_.call("position",
                         [&](weir_error* error) { return reader_.position(self_, session_.byte_sink(told), error); }));
  if (told.size() != 1) {
    session_.observe("position-told", "position() told " + std::to_string(told.size()) + " positions");
    return std::string();
  }
  constexpr std::size_t kMostBytes = 1U << 20U;
  if (told[0].size() > kMostBytes)
    session_.observe("position-told", "position() told " + std::to_string(told[0].size()) + " bytes");
  return std::move(told[0]);
}

Step Reading::acknowledge(std::string_view position) {
  return session_.call("acknowledge",
                       [&](weir_error* error) { return reader_.acknowledge(self_, bytes_of(position), error); });
}

namespace {

struct PlanSink : weir_plan {
  Session* session;
  std::vector<Split>* splits;
  std::string* state;
};

weir_status add(const weir_plan* self, const weir_split* split) {
  const auto* sink = static_cast<const PlanSink*>(self);
  const weir_status status = sink->session->callback("add");
  if (status != WEIR_OK) return status;
  sink->splits->push_back({std::string(text_of(split->id)),
                           std::string(reinterpret_cast<const char*>(split->token.data), split->token.length),
                           split->unbounded != 0});
  return WEIR_OK;
}

weir_status remove_split(const weir_plan* self, weir_string) {
  return static_cast<const PlanSink*>(self)->session->callback("remove");
}

weir_status keep(const weir_plan* self, weir_bytes state) {
  const auto* sink = static_cast<const PlanSink*>(self);
  sink->state->assign(reinterpret_cast<const char*>(state.data), state.length);
  return sink->session->callback("state");
}

}  // namespace

base::Result<std::vector<Split>> plan(Session& session) {
  std::vector<Split> splits;
  std::string state;
  const PlanSink sink{{sizeof(weir_plan), add, remove_split, keep}, &session, &splits, &state};
  std::int32_t more = 0;
  WEIR_TRY(session.call("plan", [&](weir_error* error) {
    return session.table<weir_extractor>().plan(session.context(1, ""), {nullptr, 0}, &sink, &more, error);
  }));
  return splits;
}

Step live_as_extractor(Session& session) {
  WEIR_TRY_ASSIGN(const std::vector<Split> splits, plan(session));
  const weir_reader& reader = *session.table<weir_extractor>().reader;
  for (const Split& split : splits) {
    Reading reading(session, reader);
    WEIR_TRY(reading.open(split));
    WEIR_TRY(read_all(session, reader, reading.self()));
    if (!WEIR_CAN(&reader, position)) continue;
    WEIR_TRY_ASSIGN(const std::string position, reading.position());
    if (WEIR_CAN(&reader, acknowledge)) WEIR_TRY(reading.acknowledge(position));
  }
  return {};
}

}  // namespace weir::conformance
