#include "conformance/session.hpp"

#include <algorithm>
#include <cctype>

#include "base/utf8.hpp"
#include "conformance/traits.hpp"

namespace weir::conformance {
namespace {

constexpr const char* kEnded = "ended";  // the code of an end that a knob made
constexpr char kLaterByte = static_cast<char>(0xA5);

}  // namespace

std::string_view text_of(weir_string text) {
  return text.data == nullptr ? "" : std::string_view(text.data, text.length);
}
weir_string string_of(std::string_view text) { return {text.data(), text.size()}; }
weir_bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

Session::~Session() {
  settle();
  plugins::Memory::free(last_memory_);
}

Step Session::ended() const {
  return base::unexpected(base::make_error(base::Status::cancelled, base::Fault::plugin, kEnded, message_));
}

Step Session::live() {
  Step lived = prepare();
  if (lived) lived = life_of_kind();
  cancel_ = nullptr;
  settle();
  if (!lived && lived.error().code == kEnded) return {};
  return lived;
}

Step Session::prepare() {
  WEIR_TRY_ASSIGN(sample_, subject_.sample());
  WEIR_TRY_ASSIGN(description_, subject_.description());
  if (knobs_.place) {
    place_ = *knobs_.place;
  } else {
    WEIR_TRY_ASSIGN(place_, subject_.new_place());
    WEIR_TRY(fill_place());
  }
  auto options = completed(subject_.component(), knobs_.options ? *knobs_.options : sample_->options, place_);
  if (!options) return skip("its schema refuses what it is tried with: " + options.error().message);
  config_ = std::make_unique<plugins::ConfigHandle>(std::move(options).value());
  set_up_host();
  set_up_receivers();
  traits_ = default_traits(*description_);
  if (weir_traits_function* ask = traits_of(*description_))
    return call("traits", [&](weir_error* error) { return ask(config_->get(), &traits_, error); });
  return {};
}

void Session::set_up_host() {
  constexpr std::uint64_t kPlenty = std::uint64_t{1} << 40U;
  memory_ = std::make_unique<plugins::Memory>(knobs_.memory_refused ? 0 : kPlenty);
  // The first buffer is given whatever the limit: so there has to be one.
  if (knobs_.memory_refused) memory_->allocate(1, 0, [] { return false; }, &last_memory_);
  plugins::HostServices services;
  services.cancelled = &cancelled_;
  services.memory = memory_.get();
  host_ = std::make_unique<plugins::HostTable>(std::move(services), "link", subject_.info().name);
}

// By another component of the plugin, if the sample says so.
Step Session::fill_place() {
  if (sample_->filled_by.empty()) return {};
  for (const auto& component : subject_.info().components) {
    if (component.name != sample_->filled_by || component.kind != WEIR_KIND_LOADER) continue;
    Subject loader(subject_.tried(), subject_.file(), subject_.info(), subject_.folder());
    loader.choose(&component);
    Knobs knobs;
    knobs.place = place_;
    Session session(loader, std::move(knobs));
    return session.live();
  }
  return skip("there is no loader '" + sample_->filled_by + "' to fill the place that it reads");
}

Step Session::life_of_kind() {
  switch (subject_.kind()) {
    case WEIR_KIND_EXTRACTOR: return live_as_extractor(*this);
    case WEIR_KIND_TRANSFORMER: return live_as_transformer(*this);
    case WEIR_KIND_LOADER: return live_as_loader(*this);
    case WEIR_KIND_FORMAT: return live_as_format(*this);
    case WEIR_KIND_STORAGE: return live_as_storage(*this);
    case WEIR_KIND_CODEC: return live_as_codec(*this);
    default: return live_as_connection(*this);
  }
}

std::string Session::option(const std::string& pointer) const {
  return std::string(text_of(config_->get()->text(config_->get(), string_of(pointer))));
}

const weir_context* Session::context(std::uint64_t epoch, std::string lane, std::int32_t commit) {
  plugins::ContextParts parts;
  parts.host = host_->get();
  parts.config = config_->get();
  parts.run = "run-1";
  parts.link = "link";
  parts.lane = std::move(lane);
  parts.fence = static_cast<std::uint64_t>(knobs_.fence);
  parts.epoch = epoch;
  parts.commit = commit;
  if (subject_.kind() == WEIR_KIND_EXTRACTOR || subject_.kind() == WEIR_KIND_FORMAT) parts.expected = {knobs_.expected};
  contexts_.push_back(std::make_unique<plugins::ContextOwner>(std::move(parts)));
  const weir_context* made = contexts_.back()->get();
  if (!knobs_.grown) return made;
  grown_.emplace_back(sizeof(weir_context) + kLaterBytes, kLaterByte);
  std::memcpy(grown_.back().data(), made, sizeof *made);
  auto* longer = reinterpret_cast<weir_context*>(grown_.back().data());
  longer->size += kLaterBytes;
  return longer;
}

weir_status Session::invoke(std::string_view function, const std::function<weir_status()>& body) {
  subject_.announce(function);
  {
    const std::lock_guard lock(mutex_);
    running_.emplace();
  }
  weir_status status = WEIR_INTERNAL;
  const auto run = [&] {
    running_->thread = std::this_thread::get_id();
    try {
      status = body();
    } catch (...) {
      observe("nothing-thrown", std::string(function) + "() let an exception out");
    }
  };
  if (knobs_.other_threads) {
    std::thread(run).join();
  } else {
    run();
  }
  return status;
}

Step Session::call(std::string_view function, const std::function<weir_status(weir_error* error)>& body) {
  if (over_ || calls_ == knobs_.end_after) return ended();
  if (calls_ == knobs_.cancel_at) {
    cancelled_ = true;
    if (cancel_) cancel_();
  }
  ++calls_;
  struct {
    weir_error error;
    char later[kLaterBytes];
  } given{};
  weir_error_clear(&given.error);
  std::memset(given.later, kLaterByte, sizeof given.later);
  if (knobs_.grown) given.error.size += sizeof given.later;
  const weir_status status = invoke(function, [&] { return body(&given.error); });
  for (const char byte : given.later) {
    if (byte != kLaterByte)
      observe("structs-grow", std::string(function) + "() wrote behind the struct weir_error that it knows");
  }
  watch_error(function, status, given.error);
  return judge(function, status, given.error);
}

void Session::watch_error(std::string_view function, weir_status status, const weir_error& error) {
  const std::string name = std::string(function) + "()";
  if (!plugins::known_status(status)) observe("status-known", name + " returned " + std::to_string(status));
  if (error.fault < WEIR_FAULT_UNKNOWN || error.fault > WEIR_FAULT_PLUGIN)
    observe("fault-known", name + " told the fault " + std::to_string(error.fault));
  const std::string_view message(error.message, ::strnlen(error.message, sizeof error.message));
  if (status == WEIR_OK && (!message.empty() || error.fault != 0 || error.row != WEIR_NO_ROW))
    observe("error-left-alone", name + " returned OK and filled in the error: \"" + std::string(message) + "\"");
  if (status == WEIR_OK) return;
  if (message.empty() && !running_->refused && status != WEIR_CANCELLED)
    observe("error-says-what", name + " returned " + std::string(plugins::status_name(status)) + " without a message");
  if (message.size() == sizeof error.message) observe("error-texts-end", name + " told a message without a final zero");
  if (!base::is_utf8(message)) observe("error-texts-utf8", name + " told a message that is not UTF-8");
  if (message.ends_with('.') || (!message.empty() && std::isupper(static_cast<unsigned char>(message[0])) != 0 &&
                                 message.size() > 1 && std::islower(static_cast<unsigned char>(message[1])) != 0))
    observe("error-style", name + " told \"" + std::string(message) + "\"");
}

Step Session::judge(std::string_view function, weir_status status, const weir_error& error) {
  status_ = status;
  const bool refused = running_->refused;
  if (refused && status != WEIR_CANCELLED) {
    observe("refusal-passed-on", running_->refused_by + "() was answered with CANCELLED, and " + std::string(function) +
                                     "() returned " + std::string(plugins::status_name(status)));
  }
  rows_passed_ = running_->rows_out;
  rest();
  const bool cancelled = cancelled_.load();
  if (cancelled && status != WEIR_OK && status != WEIR_CANCELLED)
    observe("cancel-any-call",
            std::string(function) + "() returned " + std::string(plugins::status_name(status)) + " once cancelled");
  if (refused || cancelled) over_ = true;
  if (status != WEIR_OK) {
    const plugins::PluginError told = plugins::plugin_error(status, error, {subject_.info().name, "", function});
    message_ = told.error.message;
    if (!over_) return skip("it refuses what it is tried with, in " + std::string(function) + "(): " + message_);
  }
  if (over_ && status != WEIR_OK) return ended();
  return {};
}

void Session::finish(std::string_view function, const std::function<void()>& body) {
  cancel_ = nullptr;
  subject_.announce(function);
  // Nothing is lent to it: no call is running for a callback.
  const auto run = [&] {
    try {
      body();
    } catch (...) {
      observe("nothing-thrown", std::string(function) + "() let an exception out");
    }
  };
  if (knobs_.other_threads) {
    std::thread(run).join();
  } else {
    run();
  }
}

void Session::rest() {
  const std::lock_guard lock(mutex_);
  running_.reset();
}

void Session::forget_outputs() {
  for (auto& output : outputs_) earlier_outputs_.push_back(std::move(output));
  outputs_.clear();
}

const ArrowSchema& Session::columns() const {
  return knobs_.columns != nullptr ? *knobs_.columns : sample_->columns.get();
}

std::vector<arrow::SharedArray> Session::batches() {
  constexpr std::int64_t kAround = 3;  // rows before and behind a window
  const MakeRows make =
      knobs_.rows ? knobs_.rows : [](const ArrowSchema& columns, std::int64_t first, std::int64_t count) {
        return sample_rows(columns, first, count);
      };
  std::vector<arrow::SharedArray> made;
  std::int64_t first = 0;
  for (const std::int64_t count : knobs_.batches) {
    if (knobs_.sliced) {
      // Their numbers begin at the same row; what is before and behind is another's.
      const std::int64_t before = std::min(first, kAround);
      arrow::SharedArray longer(make(columns(), first - before, count + before + kAround));
      made.emplace_back(longer.slice(before, count));
    } else {
      made.emplace_back(make(columns(), first, count));
    }
    first += count;
  }
  return made;
}

const std::string* Session::observed(std::string_view case_name) const {
  const std::lock_guard lock(mutex_);
  const auto at = observed_.find(case_name);
  return at == observed_.end() ? nullptr : &at->second;
}

void Session::observe(std::string_view case_name, std::string_view text) {
  const std::lock_guard lock(mutex_);
  observed_.emplace(case_name, base::printable(text));
}

}  // namespace weir::conformance
