#include "manifest/assignment.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/units.hpp"
#include "manifest/overlay.hpp"
#include "manifest/parse.hpp"
#include "manifest/scalar.hpp"
#include "manifest/vocabulary.hpp"

namespace weir::manifest {
namespace {

struct Segment {
  std::string name;
  std::size_t offset = 0;
  std::size_t length = 0;
};

class Assignment {
 public:
  Assignment(std::shared_ptr<const Source> source, Errors& errors) : source_(std::move(source)), errors_(errors) {}

  void apply(Node& tree) {
    if (!read_path()) return;
    std::optional<Node> value = read_value();
    if (!value) return;
    Node* node = &tree;
    for (std::size_t at = 0; at + 1 < path_.size() && node != nullptr; ++at) node = step(*node, at);
    if (node != nullptr) assign(*node, std::move(*value));
  }

 private:
  Where where(const Segment& one) const { return {source_, one.offset, one.length}; }

  void fail(const Where& where, std::string message, std::string hint) {
    errors_.push_back(base::manifest_error("usage.set", std::move(message), where.place()).with_hint(std::move(hint)));
  }

  bool read_path() {
    const std::string_view text = source_->text();
    std::size_t at = 0;
    for (;;) {
      const bool quoted = at < text.size() && text[at] == '"';
      const std::size_t end = quoted ? text.find('"', at + 1) : std::min(text.find_first_of(".=", at), text.size());
      if (end == std::string_view::npos || end == at) break;
      const std::size_t begin = quoted ? at + 1 : at;
      path_.push_back({std::string(text.substr(begin, end - begin)), begin, std::max<std::size_t>(end - begin, 1)});
      at = quoted ? end + 1 : end;
      if (at >= text.size() || (text[at] != '.' && text[at] != '=')) break;
      value_at_ = at + 1;
      if (text[at++] == '=') return true;
    }
    fail({source_, 0, std::max<std::size_t>(text.size(), 1)},
         "expected --set PATH=VALUE, found '" + std::string(text) + "'",
         "write a way into the manifest, such as load.table=orders or transform.0.where=\"x > 1\"");
    return false;
  }

  void locate(Node& node) const {
    node.where.source = source_;
    for (Node& item : node.items) locate(item);
    for (Member& member : node.members) {
      member.key_where.source = source_;
      locate(member.value);
    }
  }

  std::optional<Node> read_value() {
    const std::string text(source_->text().substr(value_at_));
    const bool quoted = text.starts_with('"') || text.starts_with('\'');
    if (quoted || text.starts_with('[') || text.starts_with('{')) {
      // Spaces where the path stands keep every offset right.
      auto parsed = parse_yaml(std::make_shared<Source>(source_->file(), std::string(value_at_, ' ') + text));
      if (parsed) {
        locate(*parsed);
        return std::move(*parsed);
      }
      if (!quoted) {  // "a b" > 1 is a text that begins with a quote
        base::Error error = std::move(parsed).error();
        error.place = source_->place(value_at_, text.size());
        errors_.push_back(std::move(error));
        return std::nullopt;
      }
    }
    Node node;
    node.where = {source_, value_at_, std::max<std::size_t>(text.size(), 1)};
    if (text.empty() || text == "null" || text == "~") return node;
    node.text = text;
    node.runs.push_back({0, text.size(), value_at_, text.size(), true});
    resolve_plain(node);
    return node;
  }

  std::optional<std::size_t> index(const Node& list, const Segment& one) {
    std::size_t number = 0;
    const char* const end = one.name.data() + one.name.size();
    const auto [stopped, problem] = std::from_chars(one.name.data(), end, number);
    if (problem == std::errc{} && stopped == end && number < list.items.size()) return number;
    fail(where(one), "expected an index below " + std::to_string(list.items.size()) + ", found '" + one.name + "'",
         "lists count from 0");
    return std::nullopt;
  }

  // The child on the way; null after an error. What is the host's own and absent is made.
  Node* step(Node& node, std::size_t at) {
    const Segment& one = path_[at];
    if (node.kind == Kind::array) {
      const auto number = index(node, one);
      return number ? &node.items[*number] : nullptr;
    }
    if (node.kind != Kind::object) {
      refuse_scalar(node, at);
      return nullptr;
    }
    const auto found = std::find_if(node.members.begin(), node.members.end(),
                                    [&one](const Member& member) { return member.key == one.name; });
    if (found != node.members.end()) return &found->value;
    std::vector<std::string> names;
    for (const Member& member : node.members) names.push_back(member.key);
    const auto& own = keys_of("manifest");
    if (at == 0 && std::find(own.begin(), own.end(), one.name) != own.end()) {
      Node object;
      object.kind = Kind::object;
      object.where = where(one);
      node.members.push_back({one.name, where(one), std::move(object)});
      return &node.members.back().value;
    }
    if (at == 0) names.insert(names.end(), own.begin(), own.end());
    const std::string near = base::nearest(one.name, names);
    fail(where(one), "expected a way into the manifest, found no '" + one.name + "' there",
         near.empty() ? "the path's parts, but the last, must be in the manifest" : "did you mean '" + near + "'?");
    return nullptr;
  }

  void refuse_scalar(const Node& node, std::size_t at) {
    const std::string before = at == 0 ? "the manifest" : "'" + path_[at - 1].name + "'";
    fail(where(path_[at]), "expected an object or a list at " + before + ", found " + kind_name(node.kind),
         "write it out as an object in the manifest, or set all of it");
  }

  void assign(Node& node, Node value) {
    const Segment& last = path_.back();
    if (node.kind == Kind::array) {
      if (const auto number = index(node, last)) node.items[*number] = std::move(value);
      return;
    }
    if (node.kind != Kind::object) return refuse_scalar(node, path_.size() - 1);
    if (value.kind == Kind::null)
      take(node, last.name);
    else
      put(node, {last.name, where(last), std::move(value)});
  }

  std::shared_ptr<const Source> source_;
  Errors& errors_;
  std::vector<Segment> path_;
  std::size_t value_at_ = 0;
};

}  // namespace

void apply_assignment(Node& tree, const std::string& text, Errors& errors) {
  auto source = make_source("--set", text);
  if (!source) return errors.push_back(std::move(source).error().with_hint("give plain text in UTF-8"));
  Assignment(*source, errors).apply(tree);
}

}  // namespace weir::manifest
