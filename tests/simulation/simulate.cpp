// weir_simulate: schedules of the recovery protocol by their seeds, as many as are wanted, on some threads.
//
//   weir_simulate [--seeds N] [--from SEED] [--threads N] [--wrong NAME]   ends with 1 at a seed that is not exactly once
//   weir_simulate --seed SEED [--wrong NAME]                               tells what one does, call by call
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "schedule.hpp"

namespace {

using weir::simulation::Verdict;
using weir::simulation::Wrong;

struct Options {
  std::uint64_t seeds = 1000, from = 1, one = 0;
  unsigned threads = 1;
  Wrong wrong = Wrong::nothing;
};

int usage(const std::string& found) {
  std::fprintf(stderr,
               "error: expected --seeds, --from, --seed, --threads (numbers from 1) or --wrong (a name), found '%s'\n",
               found.c_str());
  return 2;
}

bool read(Options& options, const std::string& key, const char* value) {
  const auto number = std::strtoull(value, nullptr, 10);
  if (key != "--wrong" && number == 0) return false;
  if (key == "--seeds") return options.seeds = number, true;
  if (key == "--from") return options.from = number, true;
  if (key == "--seed") return options.one = number, true;
  if (key == "--threads") return options.threads = std::max(1U, static_cast<unsigned>(number)), true;
  for (int i = 0; key == "--wrong" && i < static_cast<int>(Wrong::count); ++i) {
    options.wrong = static_cast<Wrong>(i);
    if (std::strcmp(value, name(options.wrong)) == 0) return true;
  }
  return false;
}

constexpr std::uint64_t kNone = UINT64_MAX;

struct Total {
  std::atomic<std::uint64_t> failing{kNone};  // the lowest seed, so that it does not depend on threads
  std::atomic<std::uint64_t> calls{0}, accidents{0};
};

void simulate_some(const Options& options, unsigned thread, Total& total) {
  std::uint64_t calls = 0, accidents = 0;
  for (std::uint64_t i = thread; i < options.seeds && options.from + i < total.failing; i += options.threads) {
    const Verdict verdict = weir::simulation::simulate(options.from + i, options.wrong);
    calls += verdict.calls;
    accidents += verdict.accidents;
    if (verdict.problem == nullptr) continue;
    for (std::uint64_t lowest = total.failing;
         options.from + i < lowest && !total.failing.compare_exchange_weak(lowest, options.from + i);) {
    }
  }
  total.calls += calls;
  total.accidents += accidents;
}

int tell_one(const Options& options) {
  const Verdict verdict = weir::simulation::simulate(options.one, options.wrong, stdout);
  std::printf("seed %llu: %s\n", static_cast<unsigned long long>(options.one),
              verdict.problem == nullptr ? "exactly once" : verdict.problem);
  return verdict.problem == nullptr ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || !read(options, argv[i], argv[i + 1]))
      return usage(std::string(argv[i]) + (i + 1 == argc ? "" : std::string(" ") + argv[i + 1]));
  }
  if (options.one != 0) return tell_one(options);
  const auto begin = std::chrono::steady_clock::now();
  Total total;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options.threads; ++i) threads.emplace_back([&, i] { simulate_some(options, i, total); });
  for (auto& thread : threads) thread.join();
  if (const std::uint64_t seed = total.failing; seed != kNone) {
    const Verdict verdict = weir::simulation::simulate(seed, options.wrong);
    std::printf("seed %llu: %s\nhint: tests/weir_simulate --seed %llu --wrong %s\n",
                static_cast<unsigned long long>(seed), verdict.problem, static_cast<unsigned long long>(seed),
                name(options.wrong));
    return 1;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%llu schedules, exactly once; %.0f a second, %.1f calls and %.1f accidents each\n",
              static_cast<unsigned long long>(options.seeds), static_cast<double>(options.seeds) / seconds,
              static_cast<double>(total.calls) / static_cast<double>(options.seeds),
              static_cast<double>(total.accidents) / static_cast<double>(options.seeds));
  return 0;
}
