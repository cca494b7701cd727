// Runs a pipeline again and again in one process, every third time interrupted at some moment, and gone on with by the next run;
// tells what the process has then: a line a run, "ended allocated resident files threads", memory in KiB. Arguments: the manifest, for how many
// seconds, a seed.
#include <malloc.h>

#include <weir/api.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

long in_status(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":")) return std::stol(line.substr(key.size() + 1));
  }
  return -1;
}

long allocated_kib() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<long>((info.uordblks + info.hblkhd) / 1024);
}

long open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd"), end;
  return std::distance(files, end);
}

// `after`: when it is interrupted, if it is. Not `fresh`: it goes on with what was interrupted.
weir::api::RunReport run(weir::api::Pipeline& pipeline, bool fresh, const Clock::duration* after) {
  if (after == nullptr) return pipeline.run(fresh);
  std::thread interrupts([&pipeline, after] {
    std::this_thread::sleep_for(*after);
    pipeline.interrupt();
  });
  weir::api::RunReport report = pipeline.run(fresh);
  interrupts.join();
  return report;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto end = Clock::now() + std::chrono::seconds(std::stol(argv[2]));
  std::mt19937 dice(static_cast<unsigned>(std::stoul(argv[3])));
  Clock::duration longest = std::chrono::milliseconds(1);
  bool fresh = true;  // the run before came to its end
  for (long number = 0; Clock::now() < end || !fresh; ++number) {
    auto pipeline = weir::api::Pipeline::from_manifest(argv[1]);
    if (!pipeline) {
      std::fputs(weir::api::describe(pipeline.problems()).c_str(), stderr);
      return 1;
    }
    const bool interrupted = number % 3 == 2;
    const Clock::duration after(std::uniform_int_distribution<Clock::rep>(0, longest.count())(dice));
    const auto begin = Clock::now();
    const weir::api::RunReport report = run(*pipeline, fresh, interrupted ? &after : nullptr);
    if (!interrupted && fresh) longest = std::max(longest, Clock::now() - begin);
    if (!report.succeeded && !interrupted) return 1;
    fresh = report.succeeded;
    // What was interrupted before it began leaves the last run as it was: complete.
    const bool ended = report.succeeded && !report.nothing_to_do;
    std::printf("%d %ld %ld %ld %ld\n", ended ? 1 : 0, allocated_kib(), in_status("VmRSS"), open_files(),
                in_status("Threads"));
  }
}
