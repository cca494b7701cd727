// YAML through yaml-cpp's events, which carry marks; the tree is built here because its own nodes lose order, duplicate
// keys, and what was quoted. yaml-cpp throws; nothing leaves this file.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <sstream>

#include "manifest/diagnostics.hpp"
#include "manifest/grow.hpp"
#include "manifest/parse.hpp"
#include "manifest/scalar.hpp"
#include "manifest/yaml_failure.hpp"
#include "manifest/yaml_text.hpp"

namespace weir::manifest {
namespace {

constexpr std::string_view kStandardTag = "tag:yaml.org,2002:";

// Ends the parse from inside yaml-cpp; caught in parse_yaml().
struct Stop {
  base::Error error;
};

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_nodes(item);
  for (const Member& member : node.members) count += count_nodes(member.value);
  return count;
}

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(std::shared_ptr<const Source> source) : source_(std::move(source)) {}

  Node& root() { return root_; }
  std::vector<base::Error>& errors() { return errors_; }
  void count_document() { ++documents_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_ > 0) stop(offset_of(mark), "expected one document, found a second", "keep one manifest in a file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node = located(mark);
    const std::string_view rest = source_->text().substr(node.where.offset);
    bool spelled = false;
    for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
      if (!rest.starts_with(word)) continue;
      spelled = true;
      node.where.length = word.size();
      node.text = word;
    }
    if (!spelled && !frames_.empty() && frames_.back().has_key) node.where = frames_.back().key.key_where;
    add(std::move(node), anchor, 0);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      stop(offset_of(mark), "expected an alias of something else, found one of what it stands in");
    nodes_ += found->second.count;
    check_size(offset_of(mark));
    check_depth(offset_of(mark), found->second.depth);
    Node copy = found->second.node;
    add(std::move(copy), 0, found->second.depth);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = located(mark);
    node.text = value;
    node.kind = Kind::text;
    const std::string_view text = source_->text();
    const char first = node.where.offset < text.size() ? text[node.where.offset] : '\0';
    const bool plain = tag == "?" || (tag != "!" && first != '"' && first != '\'' && first != '|' && first != '>');
    if (!locate_scalar(node, plain)) {
      stop(node.where.offset, std::string("expected ") + first + " at the end of a text, found the end of the file");
    }
    if (value.find('\0') != std::string::npos) stop(node.where.offset, "expected text, found the character NUL");
    resolve(node, tag, plain);
    add(std::move(node), anchor, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Kind::array);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Kind::object);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or object that is open.
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    Member key;  // whose value comes next
    bool has_key = false;
    bool dropped = false;  // the key was a duplicate: its value is read and forgotten
    Keys keys;
    std::size_t height = 0;  // of the tallest child
  };
  struct Anchored {
    Node node;
    std::size_t count = 0;
    std::size_t depth = 0;
  };

  [[noreturn]] void stop(std::size_t offset, std::string message, std::string hint = {}) {
    throw Stop{syntax_error({source_, offset, 1}, std::move(message), std::move(hint))};
  }
  std::size_t offset_of(const YAML::Mark& mark) const { return static_cast<std::size_t>(std::max(mark.pos, 0)); }

  void check_size(std::size_t offset) {
    if (nodes_ > kMaxNodes) stop(offset, "expected at most 500,000 values, found more (an alias counts each time)");
  }
  void check_depth(std::size_t offset, std::size_t more) {
    if (frames_.size() + more > kMaxDepth) stop(offset, "expected at most 200 levels of nesting, found more");
  }

  Node located(const YAML::Mark& mark) {
    ++nodes_;
    Node node;
    node.where = {source_, offset_of(mark), 1};
    const std::size_t value = skip_properties(source_->text(), node.where.offset);
    const std::string_view before = source_->text().substr(node.where.offset, 1);
    if (before == "&" || before == "!") node.where.offset = value;
    check_size(node.where.offset);
    return node;
  }

  void resolve(Node& node, const std::string& tag, bool plain) {
    if (tag == "?") return resolve_plain(node);
    if (tag == "!" || tag == std::string(kStandardTag) + "str") return;
    const bool standard = tag.starts_with(kStandardTag);
    const std::string kind = standard ? tag.substr(kStandardTag.size()) : "";
    if (kind == "int" || kind == "float" || kind == "bool") return resolve_plain(node);
    if (kind == "null" && plain) {
      node.kind = Kind::null;
      return;
    }
    stop(node.where.offset, "expected a tag of YAML's core schema, found '" + tag + "'", "take the tag away");
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Kind kind) {
    check_depth(offset_of(mark), 1);
    Frame frame;
    frame.node = located(mark);
    frame.node.kind = kind;
    frame.anchor = anchor;
    const std::string expected = std::string(kStandardTag) + (kind == Kind::array ? "seq" : "map");
    if (tag != "?" && tag != "!" && !tag.empty() && tag != expected) {
      stop(frame.node.where.offset, "expected a tag of YAML's core schema, found '" + tag + "'", "take the tag away");
    }
    frames_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    add(std::move(frame.node), frame.anchor, frame.height + 1);
  }

  // Puts a whole value where it belongs; `height`: levels of lists and objects in it.
  void add(Node node, YAML::anchor_t anchor, std::size_t height) {
    if (anchor != 0) {
      const std::size_t count = count_nodes(node);
      nodes_ += count;
      check_size(node.where.offset);
      anchors_[anchor] = {node, count, height};
    }
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    frame.height = std::max(frame.height, height);
    if (frame.node.kind == Kind::array) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      take_key(frame, node);
    } else {
      frame.has_key = false;
      if (frame.dropped) return;
      frame.key.value = std::move(node);
      frame.node.members.push_back(std::move(frame.key));
    }
  }

  void take_key(Frame& frame, Node& node) {
    if (node.kind == Kind::null)
      stop(node.where.offset, "expected a key, a text of at most 1024 bytes on one line, found none");
    const bool word = node.kind != Kind::array && node.kind != Kind::object;
    if (!word) stop(node.where.offset, "expected a text as key, found " + describe(node));
    if (node.text == "<<")
      stop(node.where.offset, "expected a key, found a merge key, which YAML 1.2 does not have", "write the keys out");
    frame.key = Member{std::move(node.text), std::move(node.where), {}};
    frame.has_key = true;
    auto problems = frame.keys.add(frame.key.key, frame.key.key_where);
    frame.dropped = !problems.empty();
    errors_.insert(errors_.end(), problems.begin(), problems.end());
  }

  std::shared_ptr<const Source> source_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  Node root_;
  std::size_t nodes_ = 0;
  std::size_t documents_ = 0;
  std::vector<base::Error> errors_;
};

}  // namespace

base::Result<Node> parse_yaml(const std::shared_ptr<const Source>& source) {
  Builder builder(source);
  try {
    std::istringstream stream{std::string(source->text())};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) builder.count_document();
  } catch (const Stop& stopped) {
    builder.errors().push_back(stopped.error);
  } catch (const YAML::Exception& problem) {
    builder.errors().push_back(
        explain_failure(source, static_cast<std::size_t>(std::max(problem.mark.pos, 0)), problem.msg));
  } catch (const std::exception& problem) {  // out of memory, and what a library may throw by mistake
    builder.errors().push_back(syntax_error(
        {source, 0, 1}, std::string("expected YAML, found what its parser can't take: ") + problem.what()));
  }
  if (!builder.errors().empty()) return base::unexpected(joined(std::move(builder.errors())));
  if (!builder.root().where.source) builder.root().where = {source, 0, 1};
  return std::move(builder.root());
}

Syntax syntax_of(const Source& source) {
  const std::string_view file = source.file();
  if (file.ends_with(".json") || file.ends_with(".jsonc")) return Syntax::json;
  if (file.ends_with(".yaml") || file.ends_with(".yml")) return Syntax::yaml;
  const std::string_view text = source.text();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && (text[first] == '{' || text[first] == '/');
  return json ? Syntax::json : Syntax::yaml;
}

base::Result<Node> parse(const std::shared_ptr<const Source>& source) {
  return syntax_of(*source) == Syntax::json ? parse_json(source) : parse_yaml(source);
}

}  // namespace weir::manifest
