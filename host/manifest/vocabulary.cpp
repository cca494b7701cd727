#include "manifest/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace weir::manifest {
namespace {

constexpr const char* kVocabulary = R"json({
"manifest": {"properties": {
  "$schema": {"type": "string", "description": "The schema of this file, for editors: what weir schema prints."},
  "weir": {"const": 1, "description": "The version of the manifest's language."},
  "name": {"type": "string", "minLength": 1, "maxLength": 128,
    "description": "The pipeline's name. With the path of this file it is what the state of its runs is kept under."},
  "description": {"description": "For people."},
  "include": {"$ref": "#/definitions/texts", "description": "Files that this one is laid over."},
  "profiles": {"type": "object", "additionalProperties": {"$ref": "#/definitions/profile"},
    "description": "What differs from environment to environment: one is chosen by --profile or WEIR_PROFILE."},
  "plugins": {"type": "object", "additionalProperties": {"$ref": "#/definitions/requirement"},
    "description": "Plugins that must be there, and their versions."},
  "connections": {"type": "object", "additionalProperties": {"$ref": "#/definitions/connection"},
    "description": "Ways to reach a system, for all components that name one."},
  "secrets": {"type": "object", "additionalProperties": {"$ref": "#/definitions/provider"},
    "description": "Who is asked for ${secret:PROVIDER/KEY}; env is built in."},
  "defaults": {"$ref": "#/definitions/pipeline", "description": "What all pipelines are laid over."},
  "pipelines": {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/definitions/pipeline"},
    "description": "Several pipelines, by name."},
  "extract": {"$ref": "#/definitions/extracts", "description": "Where the rows come from; of a list, from all of them."},
  "streams": {"type": "object", "additionalProperties": {"$ref": "#/definitions/stream"},
    "description": "What differs for one of the streams that the extract picks, by its name."},
  "backfill": {"$ref": "#/definitions/stream",
    "description": "What differs where weir backfill loads one range, a part of the source by time or by key. In its options {from} and {to} stand for where the range begins and, not in it any more, ends; {range} for its name. Of ranges by time there are {from_utc} and {to_utc}, as in 2026-03-28T23:00:00Z, and {from_seconds} and {to_seconds}, since 1970."},
  "transform": {"type": "array", "items": {"$ref": "#/definitions/transform"},
    "description": "What happens to the rows, one step after the other."},
  "load": {"$ref": "#/definitions/loads", "description": "Where the rows go; of a list, each gets every row."},
  "branches": {"type": "object", "additionalProperties": {"$ref": "#/definitions/branch"},
    "description": "What becomes of the rows that a route or a tee sends to each name."},
  "reject": {"$ref": "#/definitions/load", "description": "Where rejected rows go, with their reasons."},
  "checkpoint": {"$ref": "#/definitions/checkpoint"},
  "retry": {"$ref": "#/definitions/retry"},
  "deadlines": {"$ref": "#/definitions/deadlines"},
  "limits": {"$ref": "#/definitions/limits"},
  "state": {"$ref": "#/definitions/state"},
  "times": {"$ref": "#/definitions/times"},
  "drift": {"$ref": "#/definitions/drift"},
  "network": {"$ref": "#/definitions/network"},
  "on": {"$ref": "#/definitions/on"},
  "tests": {"type": "array", "items": {"$ref": "#/definitions/test"},
    "description": "The manifest's own tests, which weir test runs."}
}},
"stream_choice": {"type": "object", "additionalProperties": false, "properties": {
  "include": {"$ref": "#/definitions/texts", "description": "Names, or patterns of names with * and ?; absent: all.", "examples": [["public.*"]]},
  "exclude": {"$ref": "#/definitions/texts", "description": "Which of them not.", "examples": [["*_audit"]]},
  "new": {"enum": ["add", "ignore", "fail"], "default": "add",
    "description": "What becomes of a stream that was not there in the runs before: it is read, left, or an error that names it. One that is named itself, here or under streams:, is not new."},
  "on_failure": {"enum": ["continue", "stop"], "default": "continue",
    "description": "Whether the other streams go on when one has failed."}
}},
"stream_choices": {"anyOf": [{"$ref": "#/definitions/texts"}, {"$ref": "#/definitions/stream_choice"}]},
"test": {"type": "object", "additionalProperties": false, "required": ["name", "given"], "properties": {
  "name": {"type": "string", "minLength": 1, "description": "What the case shows."},
  "description": {"description": "For people."},
  "given": {"anyOf": [{"$ref": "#/definitions/rows"}, {"$ref": "#/definitions/given_file"}],
    "description": "The rows that come in, in place of what the extractor reads."},
  "types": {"type": "object", "additionalProperties": {"type": "string"},
    "description": "Types of given columns, in place of what their values show.",
    "examples": [{"price": "decimal(10,2)", "at": "timestamp(us, UTC)"}]},
  "expect": {"anyOf": [{"$ref": "#/definitions/rows"},
    {"type": "object", "additionalProperties": {"$ref": "#/definitions/rows"}}],
    "description": "The rows that reach the load; with branches, by branch or by load."},
  "rejects": {"$ref": "#/definitions/rejects", "description": "The rows that are rejected, all of them."},
  "fails": {"type": "string", "description": "A part of the error that the run ends with."},
  "ordered": {"anyOf": [{"type": "boolean"}, {"$ref": "#/definitions/variable"}], "default": false,
    "description": "Whether rows must come in the order of the expected ones."},
  "columns": {"enum": ["named", "all"], "default": "named",
    "description": "Which columns count: those that an expected row names, or all."}
}},
"given_file": {"type": "object", "additionalProperties": false, "required": ["file"], "properties": {
  "file": {"type": "string", "description": "A file with the rows, read as the extractor reads its own."}
}},
"rows": {"type": "array", "items": {"type": "object"}},
"rejects": {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {
  "row": {"type": "object", "description": "The row, or some of its columns."},
  "reason": {"type": "string"}, "column": {"type": "string"}, "detail": {"type": "string"}, "link": {"type": "string"}
}}},
"branch": {"type": "object", "additionalProperties": false, "properties": {
  "transform": {"type": "array", "items": {"$ref": "#/definitions/transform"},
    "description": "What happens to the rows of the branch."},
  "load": {"$ref": "#/definitions/loads", "description": "Where they go; absent where its last step routes further."}
}},
"extracts": {"anyOf": [{"$ref": "#/definitions/extract"},
  {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/extract"}}]},
"extracts.part": {"anyOf": [{"$ref": "#/definitions/extract.part"},
  {"type": "array", "items": {"$ref": "#/definitions/extract.part"}}]},
"loads": {"anyOf": [{"$ref": "#/definitions/load"},
  {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/load"}}]},
"loads.part": {"anyOf": [{"$ref": "#/definitions/load.part"},
  {"type": "array", "items": {"$ref": "#/definitions/load.part"}}]},
"requirement": {"type": ["object", "string", "null"], "additionalProperties": false, "properties": {
  "version": {"type": "string", "description": "A range of versions.", "examples": ["^1.2"]},
  "isolation": {"const": "none", "description": "The plugin may run in this process. One in Go must be allowed to, for its runtime stays there; others run there anyway.", "examples": ["none"]}
}},
"file_provider": {"type": "object", "additionalProperties": false, "required": ["use", "folder"], "properties": {
  "use": {"const": "file"},
  "folder": {"type": "string", "description": "Each secret is a file in it."}
}},
"exec_provider": {"type": "object", "additionalProperties": false, "required": ["use", "command"], "properties": {
  "use": {"const": "exec"},
  "command": {"type": "array", "minItems": 1, "items": {"type": "string"},
    "description": "A program and its first arguments; the secret's key is the last.", "examples": [["my-vault", "get"]]},
  "timeout": {"$ref": "#/definitions/duration", "description": "How long it may take.", "default": "10s"}
}},
"checkpoint": {"type": "object", "additionalProperties": false, "description": "When an epoch ends: whichever comes first.",
  "properties": {
  "every": {"$ref": "#/definitions/duration", "description": "After this time."},
  "rows": {"$ref": "#/definitions/count", "description": "After this many rows."},
  "bytes": {"$ref": "#/definitions/size", "description": "After this much that was read."}
}},
"retry": {"type": "object", "additionalProperties": false, "description": "How often what failed is tried again.",
  "properties": {
  "attempts": {"$ref": "#/definitions/count", "description": "How often a call is made, the first time included.", "examples": [5]},
  "backoff": {"$ref": "#/definitions/backoff", "description": "How long it waits in between; each time twice as long."},
  "budget": {"$ref": "#/definitions/count", "default": 100,
    "description": "How often a run may repeat calls, beyond a tenth of those that went well.", "examples": [100]},
  "breaker": {"$ref": "#/definitions/breaker", "description": "When a connection that does not answer is left alone for a while."}
}},
"breaker": {"type": "object", "additionalProperties": false, "properties": {
  "failures": {"$ref": "#/definitions/count",
    "description": "So many calls in a row without an answer; 0: never. Default: twice the attempts.", "examples": [10]},
  "pause": {"$ref": "#/definitions/duration", "default": "30s",
    "description": "How long nothing is asked of it; then one call finds out whether it answers again."}
}},
"deadlines": {"type": "object", "additionalProperties": false, "description": "How long things may take; off: for ever.",
  "properties": {
  "call": {"$ref": "#/definitions/deadline", "default": "5m",
    "description": "How long a plugin's call may neither return nor hand anything over; then it is told to stop. Without: 5m, but for reads of pipes and the like, which may wait for ever."},
  "cancel": {"$ref": "#/definitions/deadline", "default": "10s",
    "description": "How long it may then take to return; after that it is given up with its thread, and the run ends."},
  "stalled": {"$ref": "#/definitions/deadline", "default": "1m",
    "description": "After so long without anything moved, what is waited for is told."},
  "exit": {"$ref": "#/definitions/deadline", "default": "off",
    "description": "After so long without anything moved the run ends; the next one goes on from there.", "examples": ["30m"]}
}},
"deadline": {"anyOf": [{"$ref": "#/definitions/duration"}, {"enum": ["off", false]}]},
"backoff": {"type": "object", "additionalProperties": false, "properties": {
  "first": {"$ref": "#/definitions/duration", "description": "The first wait."},
  "max": {"$ref": "#/definitions/duration", "description": "The longest wait."}
}},
"limits": {"type": "object", "additionalProperties": false, "description": "When a run stops for its rejects.",
  "properties": {
  "rejects": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "%$|\\$\\{"}],
    "description": "A count of rows, or a share of them.", "examples": [100, "1%"]},
  "sample": {"$ref": "#/definitions/count", "description": "Rows that must have been read before a share is judged. Default: 10000."}
}},
"state": {"type": "object", "additionalProperties": false, "description": "What weir remembers of the pipeline.", "properties": {
  "keep": {"$ref": "#/definitions/keep"},
  "store": {"$ref": "#/definitions/store",
    "description": "Where it is kept in place of the state folder: in one object of a storage that several machines may share. Each change writes all of it: for state of some megabytes."}
}},
"keep": {"type": "object", "additionalProperties": false,
  "description": "How long is kept what runs came to; older ones go when another begins. What either lets stay stays; so do the last complete run, and those that can be gone on with.",
  "properties": {
  "runs": {"$ref": "#/definitions/count", "description": "The last so many. Default: 100, unless days is given.", "examples": [50]},
  "days": {"$ref": "#/definitions/count", "description": "Those that began in the last so many days.", "examples": [400]}
}},
"times": {"type": "object", "additionalProperties": false,
  "description": "What times mean to every component that has an option times; one's own option goes over it.", "properties": {
  "naive": {"type": "string", "description": "The time zone of timestamps that are written without one, by its IANA name.",
    "examples": ["Europe/Rome", "UTC"]}
}},
"drift": {"type": "object", "additionalProperties": false,
  "description": "What is done where a destination differs from the rows, by every component that has an option drift; one's own option goes over it.",
  "properties": {
  "columns": {"enum": ["evolve", "freeze", "reject", "ignore"],
    "description": "Columns that the destination lacks are added, or are an error; or rows with a value for one are rejected; or they are left out.",
    "examples": ["evolve"]},
  "types": {"enum": ["widen", "freeze", "reject", "ignore"],
    "description": "A column that can't hold the values' type is made wider, or is an error; or rows with a value that it can't hold are rejected; or such values are left out.",
    "examples": ["widen"]},
  "tables": {"enum": ["evolve", "freeze"], "description": "A table that is not there is made, or is an error.", "examples": ["freeze"]},
  "loss": {"enum": ["ask", "allow"], "default": "ask",
    "description": "What would lose data is an error that tells what, or is done and logged. weir run --allow-loss allows it for one run.",
    "examples": ["ask"]}
}},
"network": {"type": "object", "additionalProperties": false,
  "description": "How servers are reached: by weir install, and by every component that has an option network; one's own option goes over it.",
  "properties": {
  "ca": {"type": "string", "description": "A file with the certificates of authorities that are believed, in PEM, in place of the system's.",
    "examples": ["corp.pem"]},
  "proxy": {"type": "string", "description": "The proxy. Without it, what the environment says: HTTPS_PROXY, ALL_PROXY, NO_PROXY.",
    "examples": ["http://proxy.example:3128", "${env:HTTPS_PROXY}"]}
}},
"on": {"type": "object", "additionalProperties": false,
  "description": "Who is told, at the end of a run of weir run, what it came to.", "properties": {
  "failed": {"$ref": "#/definitions/noticed", "description": "It ended with an error; not of one that was stopped by a signal."},
  "rejected": {"$ref": "#/definitions/noticed", "description": "It is complete, and has rejected rows."},
  "drift": {"$ref": "#/definitions/noticed",
    "description": "Other columns or types go to a load than in the last complete run."},
  "slow": {"anyOf": [{"$ref": "#/definitions/slow_notice"}, {"enum": ["off", false]}],
    "description": "It is complete, and took longer than after says; else than three times the median of the last complete runs (at least five, at most twenty), and ten seconds."},
  "done": {"$ref": "#/definitions/noticed", "description": "It is complete, also with nothing to do."},
  "empty": {"$ref": "#/definitions/noticed",
    "description": "It is complete and has loaded no row, where one of the last twenty complete runs has. If nothing is said of it, it is a warning in the log; off: it is not."}
}},
"noticed": {"anyOf": [{"$ref": "#/definitions/notice"}, {"enum": ["off", false]}]},
"notice": {"type": "object", "additionalProperties": false, "properties": {
  "log": {"anyOf": [{"type": "boolean"}, {"$ref": "#/definitions/variable"}], "default": false,
    "description": "A line in the log: a warning; of done, a line at info."},
  "exec": {"type": "array", "minItems": 1, "items": {"type": "string"},
    "description": "A program and its arguments, in which {event}, {pipeline}, {run}, {manifest}, {text}, {error}, {exit_code}, {extracted}, {loaded} and {rejected} are filled in. It gets the notice as JSON on standard input. No shell is used.",
    "examples": [["notify", "{run}", "{text}"]]},
  "post": {"type": "string", "description": "An address, to which the notice is posted as JSON.", "examples": ["https://hooks.example.org/weir"]},
  "headers": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Headers of what is posted.",
    "examples": [{"Authorization": "Bearer ${secret:vault/hook}"}]},
  "timeout": {"$ref": "#/definitions/duration", "default": "30s", "description": "How long the program, or the server, may take."}
}},
"slow_notice": {"type": "object", "additionalProperties": false, "properties": {
  "after": {"$ref": "#/definitions/duration", "description": "What is slow. Without: by what earlier runs took."},
  "log": {"anyOf": [{"type": "boolean"}, {"$ref": "#/definitions/variable"}], "default": false, "description": "As in other notices."},
  "exec": {"type": "array", "minItems": 1, "items": {"type": "string"}, "description": "As in other notices.", "examples": [["notify", "{text}"]]},
  "post": {"type": "string", "description": "As in other notices.", "examples": ["https://hooks.example.org/weir"]},
  "headers": {"type": "object", "additionalProperties": {"type": "string"}, "description": "As in other notices.", "examples": [{"X-Team": "data"}]},
  "timeout": {"$ref": "#/definitions/duration", "default": "30s", "description": "As in other notices."}
}},
"use": {"type": "object", "properties": {
  "use": {"type": "string", "description": "A component, or PLUGIN:NAME where two plugins have one of that name."},
  "name": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$", "description": "The link's name, in messages and ledgers."},
  "connection": {"type": "string", "description": "A name under connections:, whose options join these."}
}},
"extract_only": {"type": "object", "properties": {
  "streams": {"$ref": "#/definitions/stream_choices", "description": "Reads many tables, or files by name, each as a stream of its own: which.",
    "examples": ["*"]}
}},
"composition": {"type": "object", "properties": {
  "format": {"$ref": "#/definitions/format", "description": "How rows are written down; asked of the content, if absent."},
  "codec": {"$ref": "#/definitions/codec", "description": "How bytes are compressed; asked of the content, if absent."},
  "max_size": {"$ref": "#/definitions/size", "description": "The most that a codec may expand an object to."},
  "verify": {"anyOf": [{"enum": ["last", "first", "off"]}, {"$ref": "#/definitions/variable"}], "default": "last", "description": "When a checksum that is known of an object is looked at, SHA256SUMS or NAME.sha256 beside it: last, at its end, before its last rows are loaded; first, before any row of it is read; off, never, nor whether it changed while it was read.",
    "examples": ["first"]},
  "rows": {"$ref": "#/definitions/count", "description": "Rows of one part; {n} in the path numbers the parts."},
  "bytes": {"$ref": "#/definitions/size", "description": "Bytes of one part, about."},
  "by": {"$ref": "#/definitions/texts", "description": "Columns that choose the object: the path has each in braces, out/{country}/part-{n}.csv."},
  "append": {"anyOf": [{"type": "boolean"}, {"$ref": "#/definitions/variable"}], "description": "Writes behind what is there."}
}},
"variable": {"type": "string", "pattern": "\\$\\{"},
"texts": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
"count": {"anyOf": [{"type": "integer", "minimum": 0}, {"$ref": "#/definitions/variable"}]},
"duration": {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? *(ns|us|ms|s|m|h|d)$|\\$\\{", "examples": ["10s", "200ms"]},
"size": {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? *([kMGT]?B|[KMGT]iB)$|\\$\\{", "examples": ["64MiB", "1GB"]}
})json";

// Of one pipeline: what may stand in defaults: and under pipelines: too.
constexpr std::array<std::string_view, 18> kOfAPipeline{
    "description", "extract",   "streams", "backfill", "transform", "load",  "branches", "reject", "checkpoint",
    "retry",       "deadlines", "limits",  "state",    "times",     "drift", "network",  "on",     "tests"};
// Of one stream: what may stand for one under streams:.
constexpr std::array<std::string_view, 11> kOfAStream{"extract", "transform",  "load",  "branches",
                                                      "reject",  "checkpoint", "retry", "deadlines",
                                                      "limits",  "times",      "drift"};
// What a file says of itself: a profile can't.
constexpr std::array<std::string_view, 4> kOfTheFileAlone{"$schema", "weir", "include", "profiles"};

nlohmann::ordered_json with_layers(nlohmann::ordered_json definitions) {
  auto& all = definitions["manifest"]["properties"];
  auto pipeline = nlohmann::ordered_json::object();
  auto stream = nlohmann::ordered_json::object();
  auto profile = nlohmann::ordered_json::object();
  for (const auto& [key, schema] : all.items()) {
    if (std::find(kOfAPipeline.begin(), kOfAPipeline.end(), key) != kOfAPipeline.end()) pipeline[key] = schema;
    if (std::find(kOfAStream.begin(), kOfAStream.end(), key) != kOfAStream.end()) stream[key] = schema;
    if (std::find(kOfTheFileAlone.begin(), kOfTheFileAlone.end(), key) == kOfTheFileAlone.end()) profile[key] = schema;
  }
  definitions["pipeline"] = {{"properties", std::move(pipeline)}};
  definitions["stream"] = {{"properties", std::move(stream)}};
  definitions["profile"] = {{"properties", std::move(profile)}};
  return definitions;
}

}  // namespace

const nlohmann::ordered_json& vocabulary() {
  static const nlohmann::ordered_json kParsed = with_layers(nlohmann::ordered_json::parse(kVocabulary));
  return kParsed;
}

const std::vector<std::string>& keys_of(std::string_view definition) {
  static const std::map<std::string, std::vector<std::string>, std::less<>> kKeys = [] {
    std::map<std::string, std::vector<std::string>, std::less<>> keys;
    for (const auto& [name, schema] : vocabulary().items()) {
      if (!schema.contains("properties")) continue;
      for (const auto& [key, rule] : schema["properties"].items()) keys[name].push_back(key);
    }
    return keys;
  }();
  return kKeys.at(std::string(definition));
}

bool is_key_of(std::string_view definition, std::string_view key) {
  const auto& keys = keys_of(definition);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace weir::manifest
