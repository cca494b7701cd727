// What a plugin is handed: host, options, context; and what comes back: errors, and how calls are guarded.
#include <cstddef>
#include <cstring>
#include <stdexcept>

#include <weir_catch.hpp>

#include "plugins/config.hpp"
#include "plugins/context.hpp"
#include "plugins/error.hpp"
#include "plugins/guard.hpp"
#include "plugins/host_table.hpp"
#include "plugins/memory.hpp"

namespace weir::plugins {
namespace {

using test::Contains;

std::string_view view(weir_string text) { return {text.data, text.length}; }
weir_string text(std::string_view given) { return {given.data(), given.size()}; }

TEST_CASE("options are read by JSON pointers, in the manifest's order") {
  const ConfigHandle config(nlohmann::ordered_json::parse(
      R"({"z":"last","a":{"n":-5,"big":18446744073709551615,"f":1.5,"whole":2.0,"yes":true,)"
      R"("list":["x",{"y":"z"}]},"~/":"odd","none":null,"":"empty"})"));
  const weir_config* raw = config.get();
  CHECK(raw->size == sizeof(weir_config));
  CHECK(view(raw->text(raw, text("/z"))) == "last");
  CHECK(raw->integer(raw, text("/a/n")) == -5);
  CHECK(raw->integer(raw, text("/a/big")) == INT64_MAX);
  CHECK(raw->integer(raw, text("/a/whole")) == 2);
  CHECK(raw->number(raw, text("/a/f")) == 1.5);
  CHECK(raw->number(raw, text("/a/n")) == -5.0);
  CHECK(raw->boolean(raw, text("/a/yes")) == 1);
  CHECK(view(raw->text(raw, text("/a/list/0"))) == "x");
  CHECK(view(raw->text(raw, text("/a/list/1/y"))) == "z");
  CHECK(view(raw->text(raw, text("/~0~1"))) == "odd");
  CHECK(view(raw->text(raw, text("/"))) == "empty");
  CHECK(raw->count(raw, text("/a/list")) == 2);
  CHECK(raw->count(raw, text("")) == 5);
  CHECK(view(raw->key(raw, text(""), 0)) == "z");
  CHECK(view(raw->key(raw, text("/a"), 5)) == "list");
  CHECK(nlohmann::json::parse(view(raw->json))["a"]["n"] == -5);
}

TEST_CASE("options that are absent, or of another type, are zero or empty") {
  const ConfigHandle config(nlohmann::ordered_json::parse(R"({"a":"x","l":[1],"n":null})"));
  const weir_config* raw = config.get();
  for (const char* path : {"/b", "a", "/a/b", "/l/1", "/l/-", "/l/01", "/l/-1", "/l/x", "/l/99999999999999999999", "/~",
                           "/~2", "//", "/a/"}) {
    CAPTURE(path);
    CHECK(raw->kind(raw, text(path)) == WEIR_CONFIG_ABSENT);
    CHECK(raw->text(raw, text(path)).length == 0);
    CHECK(raw->integer(raw, text(path)) == 0);
    CHECK(raw->count(raw, text(path)) == 0);
  }
  CHECK(raw->integer(raw, text("/a")) == 0);
  CHECK(raw->boolean(raw, text("/a")) == 0);
  CHECK(raw->key(raw, text("/l"), 0).length == 0);
  CHECK(raw->kind(raw, text("/n")) == WEIR_CONFIG_NULL);
  CHECK(raw->kind(raw, {nullptr, 0}) == WEIR_CONFIG_OBJECT);
}

TEST_CASE("a context keeps its texts and schemas for as long as it lives") {
  const ConfigHandle config(nlohmann::ordered_json::object());
  const HostTable host({}, "orders", "csv");
  std::unique_ptr<ContextOwner> owner;
  {
    const weir::Schema schema = weir::Schema::field("l", "x");
    ContextParts parts;
    parts.host = host.get();
    parts.config = config.get();
    parts.run = "01JD";
    parts.link = "orders";
    parts.streams = {"a", "b"};
    parts.expected = {&schema.get(), nullptr};
    parts.epoch = 3;
    owner = std::make_unique<ContextOwner>(parts);
  }
  const weir_context* context = owner->get();
  CHECK(view(context->run) == "01JD");
  CHECK(context->stream_count == 2);
  CHECK(view(context->streams[1]) == "b");
  CHECK(std::string(context->expected[0]->format) == "l");
  CHECK(context->expected[1] == nullptr);
  CHECK(context->epoch == 3);
  const ContextOwner plain(ContextParts{});
  CHECK(plain.get()->stream_count == 1);
  CHECK(plain.get()->expected == nullptr);
}

TEST_CASE("what a plugin logs is attributed to it and its link") {
  char* data = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&data, &size);
  {
    observe::LogOptions options;
    options.to = file;
    observe::Log log(options);
    HostServices services;
    services.log = &log;
    const HostTable host(services, "orders", "csv");
    const weir_host* raw = host.get();
    raw->log(raw, WEIR_LOG_WARNING, text("csv.header"), text(R"({"message":"no header","columns":3})"));
    raw->log(raw, WEIR_LOG_ERROR, text("csv.odd"), text("not \x1b json"));
    raw->log(raw, WEIR_LOG_DEBUG, text("csv.quiet"), {nullptr, 0});
    raw->log(raw, 99, {nullptr, 0}, text("{\"x\":\xFF}"));
  }
  std::fclose(file);
  CHECK(std::string(data, size) ==
        "warning: orders: no header (columns=3)\nerror: orders: not \\x1b json\nerror: orders: {\"x\":\xEF\xBF\xBD}\n");
  std::free(data);
}

TEST_CASE("a host tells time, cancellation and extensions as they are given") {
  std::atomic<bool> cancelled{false};
  Memory memory(1);
  HostServices services;
  services.cancelled = &cancelled;
  services.memory = &memory;
  services.now = [] { return std::int64_t{42}; };
  const HostTable host(services, "", "csv");
  const weir_host* raw = host.get();
  CHECK(raw->abi == WEIR_ABI);
  CHECK(raw->now(raw) == 42);
  CHECK(raw->cancelled(raw) == 0);
  cancelled = true;
  CHECK(raw->cancelled(raw) == 1);
  CHECK(raw->extension(raw, text("weir.memory/1")) == &kMemoryTable);
  CHECK(raw->extension(raw, text("weir.memory/2")) == nullptr);
  const HostTable bare({}, "", "");
  CHECK(bare.get()->now(bare.get()) > 0);
  CHECK(bare.get()->extension(bare.get(), text("weir.memory/1")) == nullptr);
}

const Culprit kCulprit{"csv", "orders", "open_reader"};

TEST_CASE("a plugin's error keeps its words and its places") {
  weir_error error = empty_error();
  weir_fail(&error, WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, "expected a file");
  std::strcpy(error.hint, "make one");
  std::strcpy(error.option, "/path");
  std::strcpy(error.column, "price");
  error.offset = 7;
  error.length = 4;
  error.row = 3;
  error.retry_after_ns = 5;
  const PluginError made = plugin_error(WEIR_NOT_FOUND, error, kCulprit);
  CHECK(made.error.message == "column 'price': expected a file");
  CHECK(made.error.hint == "make one");
  CHECK(made.error.code == "plugin.not_found");
  CHECK(made.error.status == base::Status::not_found);
  CHECK(made.error.fault == base::Fault::source);
  CHECK(made.error.link == "orders");
  CHECK(made.option == "/path");
  CHECK(made.offset == 7);
  CHECK(made.length == 4);
  CHECK(made.row == 3);
  CHECK(made.retry_after_ns == 5);
}

TEST_CASE("whose fault it is follows from the status where the plugin does not say") {
  const auto fault = [](weir_status status) { return plugin_error(status, empty_error(), kCulprit).error.fault; };
  CHECK(fault(WEIR_INTERNAL) == base::Fault::plugin);
  CHECK(fault(WEIR_NOT_FOUND) == base::Fault::unknown);
}

TEST_CASE("texts without an end, or that are no text, are made fit") {
  weir_error error = empty_error();
  std::memset(error.message, '\xFF', sizeof error.message);
  std::memset(error.hint, 'h', sizeof error.hint);
  error.row = -77;
  error.offset = -77;
  error.length = -77;
  const PluginError made = plugin_error(WEIR_DATA_LOSS, error, kCulprit);
  CHECK_THAT(made.error.message, Contains("\xEF\xBF\xBD") && !Contains("\xFF"));
  CHECK(made.error.hint.size() == sizeof error.hint - 1);
  CHECK(made.row == WEIR_NO_ROW);
  CHECK(made.offset == -1);
  CHECK(made.length == 0);
}

TEST_CASE("a length is not read of an error that is too short for it") {
  weir_error error = empty_error();
  error.length = 5;
  CHECK(plugin_error(WEIR_NOT_FOUND, error, kCulprit).length == 5);
  error.size = offsetof(weir_error, length);
  CHECK(plugin_error(WEIR_NOT_FOUND, error, kCulprit).length == 0);
}

TEST_CASE("an error without a word names plugin and function") {
  const PluginError made = plugin_error(WEIR_UNAVAILABLE, empty_error(), kCulprit);
  CHECK(made.error.message == "plugin 'csv', open_reader(): expected a message with UNAVAILABLE, found none");
}

TEST_CASE("statuses and faults that don't exist are misbehaviour, and name the culprit") {
  for (const weir_status status : {4711, -1, 17, INT32_MIN}) {
    const CallOutcome outcome = guarded_call(kCulprit, GuardDepth::quick, [&](weir_error*) { return status; });
    CHECK(outcome.status == WEIR_INTERNAL);
    CHECK(outcome.failed.error.code == "plugin.bad_status");
    CHECK(outcome.failed.error.fault == base::Fault::plugin);
    CHECK(outcome.failed.error.message ==
          "plugin 'csv', open_reader(): expected a status of weir.h, found " + std::to_string(status));
  }
  const CallOutcome fault = guarded_call(kCulprit, GuardDepth::quick, [](weir_error* error) {
    error->fault = 6;
    return WEIR_INTERNAL;
  });
  CHECK(fault.failed.error.code == "plugin.bad_status");
}

TEST_CASE("a guarded call is timed, and an exception does not get past it") {
  const CallOutcome good = guarded_call(kCulprit, GuardDepth::full, [](weir_error*) { return WEIR_OK; });
  CHECK(good.ok());
  CHECK(good.duration_ns >= 0);
  const CallOutcome thrown =
      guarded_call(kCulprit, GuardDepth::quick, [](weir_error*) -> weir_status { throw std::runtime_error("oops"); });
  CHECK(thrown.failed.error.code == "plugin.exception");
  CHECK_THAT(thrown.failed.error.message,
             Contains("plugin 'csv', open_reader(): expected no exception to leave it, found one that says: oops"));
}

TEST_CASE("at full depth, what a plugin leaves changed behind is found and put back") {
  const auto after = [](auto&& change) {
    const CallOutcome outcome = guarded_call(kCulprit, GuardDepth::full, [&](weir_error*) {
      change();
      return WEIR_OK;
    });
    CHECK(outcome.failed.error.code == "plugin.bad_manners");
    return outcome.failed.error.message;
  };
  CHECK_THAT(after([] { std::fesetround(FE_UPWARD); }),
             Contains("expected it to leave the floating-point mode as it was"));
  CHECK(std::fegetround() == FE_TONEAREST);
  CHECK_THAT(after([] {
               sigset_t signals;
               sigemptyset(&signals);
               sigaddset(&signals, SIGUSR1);
               pthread_sigmask(SIG_BLOCK, &signals, nullptr);
             }),
             Contains("the signal mask"));
  sigset_t now;
  pthread_sigmask(SIG_SETMASK, nullptr, &now);
  CHECK(sigismember(&now, SIGUSR1) == 0);
}

}  // namespace
}  // namespace weir::plugins
