#include "manifest/notices.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"

namespace weir::manifest {
namespace {

constexpr std::string_view kWordLetters = "abcdefghijklmnopqrstuvwxyz_";

bool is_off(const Node& node) {
  return node.kind == Kind::text ? node.text == "off" : node.kind == Kind::boolean && !node.boolean;
}

bool is_address(const std::string& text) {
  const bool known = text.starts_with("https://") || text.starts_with("http://");
  return known && text.find_first_of(" \t\r\n") == std::string::npos && text.size() > text.find("//") + 2;
}

std::string list_of_words() {
  std::string list;
  for (const std::string_view word : kNoticeWords) list += (list.empty() ? "{" : ", {") + std::string(word) + "}";
  return list;
}

class NoticeReader {
 public:
  NoticeReader(const std::filesystem::path& folder, Errors& errors) : folder_(folder), errors_(errors) {}

  Notice read(const std::string& event, const Node& node) {
    what_ = "on: " + event;
    Notice notice;
    notice.event = event;
    const bool slow = event == "slow";
    Fields fields(node, slow ? "slow_notice" : "notice", what_, errors_);
    if (node.kind != Kind::object) return notice;
    notice.log = fields.boolean("log").value_or(false);
    notice.timeout_ns = fields.duration_ns("timeout").value_or(notice.timeout_ns);
    if (notice.timeout_ns <= 0) refuse(*fields.get("timeout"), "timeout", "more than 0");
    if (slow) notice.after_ns = fields.duration_ns("after");
    if (notice.after_ns && *notice.after_ns <= 0) refuse(*fields.get("after"), "after", "more than 0");
    if (const Node* const exec = fields.get("exec")) read_exec(*exec, notice);
    if (const auto post = fields.text("post")) {
      notice.post = *post;
      if (!is_address(*post)) refuse(*fields.get("post"), "post", "an address, https://…");
    }
    const Node* const headers = fields.get("headers");
    if (headers != nullptr) read_headers(*headers, fields.get("post") != nullptr, notice);
    const bool told = notice.log || fields.get("exec") != nullptr || fields.get("post") != nullptr;
    fields.refuse_unknown();
    if (!told && fields.get("log") == nullptr) {
      errors_.push_back(
          base::manifest_error("manifest.notice", what_ + ": expected exec, post or log, found none", node.place())
              .with_hint("write { log: true }, { exec: [PROGRAM] } or { post: ADDRESS }; off: nobody is told"));
    }
    return notice;
  }

 private:
  void refuse(const Node& node, const std::string& key, const std::string& expected) {
    errors_.push_back(wrong_value(node, what_, key, expected));
  }

  void read_exec(const Node& node, Notice& notice) {
    notice.folder = node.where.folder_or(folder_);
    if (node.kind != Kind::array || node.items.empty())
      return refuse(node, "exec", "a list of a program and its arguments");
    for (const Node& item : node.items) {
      const auto text = read_text(item, what_, "exec", errors_);
      if (!text) continue;
      check_words(item, *text);
      notice.exec.push_back(*text);
    }
    if (!notice.exec.empty() && notice.exec.front().empty()) refuse(node.items.front(), "exec", "a program");
  }

  // Braces around anything but letters are the program's own.
  void check_words(const Node& node, const std::string& text) {
    for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
      const std::size_t close = text.find_first_not_of(kWordLetters, open + 1);
      if (close == std::string::npos || text[close] != '}' || close == open + 1) continue;
      const std::string word = text.substr(open + 1, close - open - 1);
      if (std::find(kNoticeWords.begin(), kNoticeWords.end(), word) != kNoticeWords.end()) continue;
      const std::string near = base::nearest(word, {kNoticeWords.begin(), kNoticeWords.end()});
      errors_.push_back(
          base::manifest_error("manifest.notice",
                               what_ + ": exec: expected a word that is known, found '{" + word + "}'",
                               node.place_in_text(open, close - open + 1))
              .with_hint(near.empty() ? "there are: " + list_of_words() : "did you mean '{" + near + "}'?"));
    }
  }

  void read_headers(const Node& node, bool posts, Notice& notice) {
    if (node.kind != Kind::object) return refuse(node, "headers", "an object of names and values");
    if (!posts) {
      errors_.push_back(
          base::manifest_error("manifest.notice", what_ + ": expected post beside headers, found none", node.place())
              .with_hint("add post: ADDRESS, or take the headers away"));
    }
    for (const Member& member : node.members) {
      const auto value = read_text(member.value, what_ + ": headers", member.key, errors_);
      const bool named = !member.key.empty() && member.key.find_first_of(": \t\r\n") == std::string::npos;
      if (value && (!named || value->find_first_of("\r\n") != std::string::npos))
        errors_.push_back(wrong_value(member.value, what_ + ": headers", member.key, "a name and a value on one line"));
      if (value) notice.headers.push_back(member.key + ": " + *value);
    }
  }

  const std::filesystem::path& folder_;
  Errors& errors_;
  std::string what_;
};

}  // namespace

std::vector<Notice> read_notices(const Node& on, const std::filesystem::path& folder, Errors& errors) {
  std::vector<Notice> notices;
  Notice by_default;
  by_default.event = "empty";
  by_default.log = true;
  const Node* empty = nullptr;
  if (given(&on)) {
    Fields fields(on, "on", "on", errors);
    empty = fields.get("empty");
    NoticeReader reader(folder, errors);
    for (const std::string_view event : kNoticeEvents) {
      const Node* const node = fields.get(event);
      if (node != nullptr && !is_off(*node)) notices.push_back(reader.read(std::string(event), *node));
    }
    fields.refuse_unknown();
  }
  if (empty == nullptr) notices.push_back(by_default);
  return notices;
}

}  // namespace weir::manifest
