#include "cli/crash.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "plugins/call_watch.hpp"
#include "plugins/running_call.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WEIR_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WEIR_SANITIZED 1
#endif
#endif

namespace weir::cli {
namespace {

constexpr std::string_view kCode = "plugin.crash";
#ifdef WEIR_SANITIZED
constexpr bool kTells = false;  // the sanitizer does
#else
constexpr bool kTells = true;
#endif

// A message without allocation, for a signal handler.
class SignalLine {
 public:
  SignalLine& operator<<(std::string_view text) {
    const std::size_t count = std::min(text.size(), text_.size() - used_);
    std::memcpy(text_.data() + used_, text.data(), count);
    used_ += count;
    return *this;
  }
  void write() const {
    if (::write(STDERR_FILENO, text_.data(), used_) < 0) return;
  }

 private:
  std::array<char, 2048> text_;
  std::size_t used_ = 0;
};

std::string_view name_of_signal(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGILL: return "SIGILL";
    case SIGFPE: return "SIGFPE";
    default: return "SIGABRT";
  }
}

// Only what is safe in a signal handler. Its disposition is the default again, so the signal ends the program once this
// has returned.
void tell_crash(int signal) {
  const plugins::RunningCall* const call = plugins::RunningCall::innermost();
  SignalLine line;
  if (call == nullptr) {
    line << "\nerror: weir has crashed (" << name_of_signal(signal) << "), in no call of a plugin\n"
         << "hint: this is a fault of weir, or of what a plugin has done before: tell weir's makers\n";
  } else {
    const plugins::Culprit& culprit = call->culprit();
    line << "\nerror: plugin '" << culprit.plugin << "', " << culprit.function
         << "(): expected it to return, found that "
         << "it crashed (" << name_of_signal(signal) << ")";
    if (!culprit.link.empty()) line << " in '" << culprit.link << "'";
    line
        << "\nhint: this is a fault of the plugin: tell its authors, or try another version; the next run goes on from "
        << "where this one was\n";
  }
  line << "code: " << kCode << "\n";
  line.write();
  ::raise(signal);
}

}  // namespace

void name_crashes() {
  if (!kTells) return;
  static std::array<std::byte, 64 * 1024> stack;  // of this thread: it may be its stack that has overflowed
  stack_t alternative{};
  alternative.ss_sp = stack.data();
  alternative.ss_size = stack.size();
  ::sigaltstack(&alternative, nullptr);
  struct sigaction action{};
  action.sa_handler = tell_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) ::sigaction(signal, &action, nullptr);
}

void leave_given_up(int exit_code) {
  if (!plugins::CallWatch::any_given_up()) return;
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

}  // namespace weir::cli
