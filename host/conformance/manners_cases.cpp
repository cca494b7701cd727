// Cases of what a plugin leaves behind, and of what it must leave as it was.
#include <dirent.h>
#include <fenv.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdint>
#include <set>
#include <thread>

#include "conformance/lived.hpp"
#include "conformance/rights.hpp"

extern "C" char** environ;

namespace weir::conformance {
namespace {

namespace fs = std::filesystem;

std::set<std::string> entries(const char* folder) {
  std::set<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const fs::path target = fs::read_symlink(entry.path(), ignored);
    if (!target.string().starts_with("/proc")) names.insert(entry.path().filename().string() + " " + target.string());
  }
  return names;
}

// What there is after some lives, and after the plugin was closed, and was not before.
Step nothing_left(Subject& subject, const char* folder, const std::string& what) {
  const std::set<std::string> before = entries(folder);
  for (int i = 0; i < 3; ++i) WEIR_TRY(rows_of_life(subject));
  for (const std::int64_t at : {1, 2, 3, 5}) {
    Knobs knobs;
    knobs.end_after = at;
    WEIR_TRY(rows_of_life(subject, std::move(knobs)));
  }
  subject.close();
  constexpr int kPatience = 100;  // a thread that was joined may be seen a moment longer
  std::set<std::string> after = entries(folder);
  for (int i = 0; i < kPatience && after.size() > before.size(); ++i) {
    ::usleep(1000);
    after = entries(folder);
  }
  for (const std::string& entry : after) {
    if (!before.contains(entry)) return fail(what + " was left after close(): " + entry.substr(entry.find(' ') + 1));
  }
  return {};
}

Step no_thread_left(Subject& subject) {
  if (subject.info().go) return skip("Go's runtime has threads of its own, for as long as the process lives");
  return nothing_left(subject, "/proc/self/task", "a thread");
}
Step no_descriptor_left(Subject& subject) {
  // Go's runtime keeps what it waits for files with, from the first file on.
  if (subject.info().go) WEIR_TRY(rows_of_life(subject));
  return nothing_left(subject, "/proc/self/fd", "an open file");
}

// Bytes in use, the host's memory among them.
std::int64_t bytes_in_use() {
  const auto info = ::mallinfo2();
  return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
}

Step no_memory_left(Subject& subject) {
  constexpr int kWarm = 5, kLives = 24, kRounds = 8;
  constexpr std::int64_t kLeastLeak = 16;  // bytes a life
  const auto lives = [&](int count) -> Step {
    for (int i = 0; i < count; ++i) {
      Knobs knobs;
      knobs.batches = {20};
      if (i % 3 == 2) knobs.end_after = 2;
      if (i % 3 == 1) knobs.refuse_at = 1;
      WEIR_TRY(rows_of_life(subject, std::move(knobs)));
    }
    return {};
  };
  WEIR_TRY(rows_of_life(subject));
  WEIR_TRY(lives(kWarm));
  // A cache that fills up to a bound is no leak, nor what the heap keeps at hand: what grows in each of the rounds is.
  std::int64_t least = INT64_MAX;
  for (int round = 0; round < kRounds; ++round) {
    const std::int64_t before = bytes_in_use();
    WEIR_TRY(lives(kLives));
    least = std::min(least, bytes_in_use() - before);
  }
  if (least < kLives / 3 * kLeastLeak) return {};
  return fail("memory grew by " + std::to_string(least / kLives) + " bytes a life");
}

Step host_memory_back(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.live());
  const std::uint64_t left = session.host_memory_used();
  return left == 0 ? Step() : fail("of the host's memory " + std::to_string(left) + " bytes were not given back");
}

// What the plugin writes outside the place that its options name.
Step writes_in_place(Subject& subject) {
  const fs::path above = subject.folder().parent_path();
  for (int i = 0; i < 2; ++i) WEIR_TRY(rows_of_life(subject));
  for (const char* const name : {"here", "home"}) {
    const auto files = files_in(above / name);
    if (!files.empty())
      return fail("it wrote '" + files.begin()->first + "' into " +
                  (std::string(name) == "here" ? "the working directory" : "$HOME"));
  }
  return {};
}

// A life on a thread that may write below the case's folder alone; where it fails, one that may write anywhere says whose fault it is.
Step writes_nowhere_else(Subject& subject) {
  const fs::path own[] = {subject.folder().parent_path()};
  bool confined = false;
  Step lived;
  std::thread([&] {
    confined = write_only_below(own);
    if (confined) lived = Session(subject, {}).live();
  }).join();
  if (!confined) return skip("the kernel has no Landlock: `writes-in-place` looks at the working directory and $HOME");
  if (lived) return {};
  WEIR_TRY(rows_of_life(subject));
  return fail("it works only where it may write elsewhere than its options and $TMPDIR say: " + lived.error().message);
}

Step no_file_left(Subject& subject) {
  const fs::path above = subject.folder().parent_path();
  for (int i = 0; i < 2; ++i) WEIR_TRY(rows_of_life(subject));
  subject.close();
  const auto files = files_in(above / "temporary");
  return files.empty() ? Step() : fail("it left '" + files.begin()->first + "' in $TMPDIR");
}

Step reads_only(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.live());
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  std::map<std::string, std::string> wanted;
  for (const SampleFile& file : sample->files) wanted[file.name] = file.bytes;
  if (!sample->filled_by.empty()) return skip("what it reads was made by another component");
  if (files_in(session.place()) == wanted) return {};
  return fail("it changed files in the folder that it reads from");
}

// Compares something of the process before and after the plugin's whole life.
template <class Take>
Step stays(Subject& subject, const Take& take, const std::string& what) {
  const auto before = take();
  for (int i = 0; i < 2; ++i) WEIR_TRY(rows_of_life(subject));
  if (take() != before) return fail(what + " was another after it ran");
  subject.close();
  return take() == before ? Step() : fail(what + " was another after close()");
}

Step keeps_environment(Subject& subject) {
  return stays(
      subject,
      [] {
        std::multiset<std::string> all;
        for (char** at = environ; *at != nullptr; ++at) all.insert(*at);
        return all;
      },
      "the environment");
}

Step keeps_folder(Subject& subject) {
  return stays(subject, [] { return fs::current_path(); }, "the working directory");
}

Step keeps_umask(Subject& subject) {
  return stays(
      subject,
      [] {
        const mode_t mask = ::umask(0);
        ::umask(mask);
        return mask;
      },
      "the umask");
}

Step keeps_locale(Subject& subject) {
  return stays(
      subject,
      [] {
        return std::string(std::setlocale(LC_ALL, nullptr)) +
               std::to_string(reinterpret_cast<std::uintptr_t>(::uselocale(nullptr)));
      },  // NOLINT(concurrency-mt-unsafe)
      "the locale");
}

// What is masked and flushed, without the flags that any sum may raise.
std::uint32_t control_word(const std::fenv_t& whole) {
#if defined(__aarch64__)
  return whole.__fpcr;
#else
  return whole.__control_word;
#endif
}

Step keeps_floating_point(Subject& subject) {
  return stays(
      subject,
      [] {
        std::fenv_t whole{};
        std::fegetenv(&whole);
        return std::pair(std::fegetround(), control_word(whole));
      },
      "the floating-point mode");
}

Step keeps_signal_handlers(Subject& subject) {
  if (subject.info().go) return skip("Go's runtime takes signals");
  return stays(
      subject,
      [] {
        std::vector<std::uintptr_t> handlers;
        for (int number = 1; number < NSIG; ++number) {
          struct sigaction action{};
          ::sigaction(number, nullptr, &action);
          handlers.push_back(reinterpret_cast<std::uintptr_t>(action.sa_handler));
        }
        return handlers;
      },
      "a signal's handler");
}

Step keeps_signal_mask(Subject& subject) {
  return stays(
      subject,
      [] {
        sigset_t mask;
        sigemptyset(&mask);
        ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        std::vector<int> blocked;
        for (int number = 1; number < NSIG; ++number) {
          if (sigismember(&mask, number) == 1) blocked.push_back(number);
        }
        return blocked;
      },
      "the signal mask");
}

constexpr std::string_view kLeft = "No thread, file or memory is left after close().";
constexpr std::string_view kStay =
    "Signal handlers, locale, environment, working directory, umask, floating-point mode stay as they are.";

constexpr Case kMannersCases[] = {
    {"manners", "no-thread-left", "No thread of it runs after close().", kEveryKind, no_thread_left,
     "join threads in destroy(), or in close() at the latest", kLeft},
    {"manners", "no-file-open", "No file of it is open after close().", kEveryKind, no_descriptor_left,
     "close what an instance opened when it ends, also when it ends early", kLeft},
    {"manners", "no-memory-left", "Instances that end, early or not, leave no memory behind.", kEveryKind,
     no_memory_left, "free what an instance holds when it ends, and release what you got but did not pass on", kLeft},
    {"manners", "host-memory-back", "It gives back what it took of the host's memory.", kEveryKind, host_memory_back,
     "free buffers in the array's release(), and reserve() the negative of what you reserved",
     "Counts memory of the plugin's own that is not in a batch"},
    {"manners", "writes-in-place", "It writes nothing into the working directory, nor into $HOME.", kEveryKind,
     writes_in_place, "write only to where the options say: an option that is a path has \"format\": \"path\"",
     "texts with \"format\": \"path\" made absolute from the manifest's folder"},
    {"manners", "writes-nowhere-else", "It writes nowhere but where its options and $TMPDIR say.", kEveryKind,
     writes_nowhere_else, "write only to where the options say, and make temporary files in $TMPDIR",
     "texts with \"format\": \"path\" made absolute from the manifest's folder"},
    {"manners", "no-file-left", "It leaves no temporary file behind.", kEveryKind, no_file_left,
     "remove temporary files when an instance ends, or unlink them once they are open", kLeft},
    {"manners", "reads-only", "What it reads stays as it was.", kExtractor, reads_only,
     "open files to read them only; keep what must be remembered in the position",
     "No thread, file or memory is left after close()."},
    {"manners", "keeps-environment", "It changes no environment variable.", kEveryKind, keeps_environment,
     "don't call setenv() or putenv()", kStay},
    {"manners", "keeps-working-directory", "It does not change the working directory.", kEveryKind, keeps_folder,
     "use whole paths, or openat()", kStay},
    {"manners", "keeps-umask", "It does not change the umask.", kEveryKind, keeps_umask,
     "use fchmod() on what you made", kStay},
    {"manners", "keeps-locale", "It does not change the locale.", kEveryKind, keeps_locale,
     "use functions that don't depend on it, or newlocale() with the _l functions", kStay},
    {"manners", "keeps-floating-point", "It does not change the floating-point mode.", kEveryKind, keeps_floating_point,
     "put the rounding mode back before you return, and link without -ffast-math", kStay},
    {"manners", "keeps-signal-handlers", "It changes no signal's handler.", kEveryKind, keeps_signal_handlers,
     "don't call signal() or sigaction(); write to sockets with MSG_NOSIGNAL", kStay},
    {"manners", "keeps-signal-mask", "It does not change the signal mask.", kEveryKind, keeps_signal_mask,
     "put the mask back before you return", kStay},
};

}  // namespace

std::span<const Case> manners_cases() { return kMannersCases; }

}  // namespace weir::conformance
