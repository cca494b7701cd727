// Golden: what is told in many cases, compared with a file that people read. With WEIR_UPDATE_GOLDEN=1 in the environment
// the file is written anew; its difference is read before it is committed.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <weir_catch.hpp>

namespace weir::test {

// Threads: one caller at a time.
class Golden {
 public:
  explicit Golden(std::filesystem::path file) : file_(std::move(file)) {
    std::ifstream lines(file_);
    std::string* told = nullptr;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("### "))
        told = &expected_[line.substr(4)];
      else if (told != nullptr)
        *told += line + "\n";
    }
  }

  // Shows `text`, which differs from run to run or machine to machine, as `name`; the latest first.
  void hide(const std::string& text, std::string name) { hidden_.emplace(hidden_.begin(), text, std::move(name)); }

  // Compares what is told in one case. Titles are unique.
  void tell(const std::string& title, std::string told) {
    for (const auto& [text, name] : hidden_) {
      for (auto at = told.find(text); at != std::string::npos; at = told.find(text, at + name.size()))
        told.replace(at, text.size(), name);
    }
    if (told.empty() || told.back() != '\n') told += '\n';
    found_ << "### " << title << "\n" << told;
    INFO(title);
    if (!updates()) CHECK(told == expected_[title]);
    expected_.erase(title);
  }

  // The same for an error (base::Error), as place, message, hint and code.
  template <class Error>
  void tell_error(const std::string& title, const Error& error) {
    std::string told;
    if (!error.place.file.empty()) told = error.place.file + ":";
    if (error.place.line > 0) told += std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + ":";
    told += (told.empty() ? "" : " ") + error.message + "\n";
    if (!error.hint.empty()) told += "hint: " + error.hint + "\n";
    tell(title, told + "code: " + error.code);
  }
  // The same for a Result that must hold one.
  template <class Result>
  void tell_failure(const std::string& title, const Result& result) {
    INFO(title);
    if (result.has_value())
      FAIL_CHECK("expected an error, found none");
    else
      tell_error(title, result.error());
  }

  // Ends the comparison: nothing may stand in the file that was not told.
  void end() {
    if (updates()) {
      std::filesystem::create_directories(file_.parent_path());
      std::ofstream(file_) << found_.str();
      return;
    }
    for (const auto& [title, told] : expected_) {
      INFO("not told: " << title);
      CHECK(told.empty());
    }
  }

 private:
  static bool updates() { return std::getenv("WEIR_UPDATE_GOLDEN") != nullptr; }

  std::filesystem::path file_;
  std::map<std::string, std::string> expected_;
  std::vector<std::pair<std::string, std::string>> hidden_;
  std::ostringstream found_;
};

}  // namespace weir::test
