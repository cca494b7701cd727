#include "cli/signals.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace weir::cli {

constexpr std::chrono::seconds kSignalPatience{1};

SignalWatch::SignalWatch(run::Interrupt& interrupt)
    : interrupt_(interrupt), signals_(context_, SIGINT, SIGTERM), patience_(context_) {
  signals_.async_wait([this](const boost::system::error_code& problem, int number) {
    if (problem) return;
    number_ = number;
    interrupt_.request();
    wait_for_second();
    wait_in_vain();
  });
  thread_ = std::thread([this] { context_.run(); });
}

SignalWatch::~SignalWatch() {
  context_.stop();
  thread_.join();
}

void SignalWatch::wait_for_second() {
  signals_.async_wait([](const boost::system::error_code& problem, int number) {
    if (!problem) std::_Exit(128 + number);
  });
}

void SignalWatch::wait_in_vain() {
  patience_.expires_after(kSignalPatience);
  patience_.async_wait([this](const boost::system::error_code& problem) {
    if (problem || !interrupt_.may_be_left()) return;
    std::fputs("error: the run was stopped before its first row was read\ncode: run.interrupted\n", stderr);
    std::_Exit(128 + number_);
  });
}

}  // namespace weir::cli
