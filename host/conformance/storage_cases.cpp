// Cases of storages: objects that are listed, read, staged, published, swept and replaced.
#include <weir/ext/draft/conditional.h>

#include <set>

#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

constexpr std::string_view kBytes = "one,two\n1,2\n";

// Stages an object under the name that the options say; a storage that only reads ends the case.
base::Result<std::string> staged(Session& session, Storing& storing, std::string_view bytes = kBytes,
                                 std::uint64_t epoch = 1) {
  WEIR_TRY(storing.create());
  auto made = storing.write(session.option("/path"), bytes, epoch);
  if (!made && session.status() == WEIR_UNIMPLEMENTED) return skip("it only reads");
  return made;
}

bool is_there(Session& session, Storing& storing) {
  const auto found = storing.stat(session.option("/path"));
  return found && !found->empty();
}

Step write_read(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY_ASSIGN(const std::string made, staged(session, storing));
  WEIR_TRY(storing.commit(made));
  WEIR_TRY_ASSIGN(const std::string bytes, storing.read(session.option("/path")));
  return bytes == kBytes ? Step()
                         : fail("an object of " + std::to_string(kBytes.size()) + " bytes was read as " +
                                std::to_string(bytes.size()) + " others");
}

Step storage_unseen(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  if (!sample->files.empty()) return skip("its object is there from the start");
  Storing storing(session);
  WEIR_TRY(staged(session, storing));
  return is_there(session, storing) ? fail("an object was there before commit()") : Step();
}

Step storage_commits_again(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY_ASSIGN(const std::string made, staged(session, storing));
  WEIR_TRY(storing.commit(made));
  const Step again = storing.commit(made);
  if (!again) return fail("the second commit() said: " + again.error().message);
  WEIR_TRY_ASSIGN(const std::string bytes, storing.read(session.option("/path")));
  return bytes == kBytes ? Step() : fail("after a second commit() the object held something else");
}

Step storage_aborts(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY_ASSIGN(const std::string made, staged(session, storing));
  WEIR_TRY(storing.abort(made));
  const Step again = storing.abort(made);
  if (!again) return fail("the second abort() said: " + again.error().message);
  const auto left = files_in(session.place());
  return left.empty() ? Step() : fail("after abort() '" + left.begin()->first + "' was left");
}

Step sweeps(Subject& subject) {
  Session dead(subject, {});
  WEIR_TRY(dead.begin());
  {
    Storing storing(dead);
    WEIR_TRY(staged(dead, storing));
  }
  Session later(subject, at_place(dead.place(), 2));
  WEIR_TRY(later.begin());
  Storing storing(later);
  WEIR_TRY(storing.create());
  WEIR_TRY(storing.sweep({}, "main"));
  const auto left = files_in(dead.place());
  return left.empty() ? Step() : fail("after sweep() '" + left.begin()->first + "' of a lower fence was left");
}

Step sweeps_around(Subject& subject) {
  Session dead(subject, {});
  WEIR_TRY(dead.begin());
  std::string made;
  {
    Storing storing(dead);
    WEIR_TRY_ASSIGN(made, staged(dead, storing));
  }
  Session later(subject, at_place(dead.place(), 2));
  WEIR_TRY(later.begin());
  Storing storing(later);
  WEIR_TRY(storing.create());
  WEIR_TRY(storing.sweep({made}, "main"));
  const Step committed = storing.commit(made);
  if (!committed) return fail("what sweep() was told to keep could not be committed: " + committed.error().message);
  const auto bytes = storing.read(later.option("/path"));
  return bytes && *bytes == kBytes ? Step() : fail("what sweep() was told to keep was gone");
}

// A storage with an object in it.
Step filled(Session& session, Storing& storing) {
  WEIR_TRY_ASSIGN(const Sample* sample, session.subject().sample());
  if (!sample->files.empty()) return storing.create();
  WEIR_TRY_ASSIGN(const std::string made, staged(session, storing));
  return storing.commit(made);
}

Step storage_lists(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY(filled(session, storing));
  WEIR_TRY_ASSIGN(const auto objects, storing.list(session.option("/path")));
  if (objects.empty()) return fail("list() told none of the objects that it is tried with");
  for (std::size_t i = 1; i < objects.size(); ++i) {
    if (objects[i].name <= objects[i - 1].name)
      return fail("list() told '" + objects[i].name + "' after '" + objects[i - 1].name + "'");
  }
  WEIR_TRY_ASSIGN(const auto rest, storing.list(session.option("/path"), objects.front().name));
  if (rest.size() + 1 != objects.size())
    return fail("list() after the first of " + std::to_string(objects.size()) + " objects told " +
                std::to_string(rest.size()));
  return {};
}

Step stats_same(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY(filled(session, storing));
  WEIR_TRY_ASSIGN(const auto objects, storing.list(session.option("/path")));
  for (const Stored& object : objects) {
    WEIR_TRY_ASSIGN(const auto found, storing.stat(object.name));
    if (found.size() != 1 || found[0].version != object.version || found[0].bytes != object.bytes)
      return fail("stat() told something else of '" + object.name + "' than list()");
    WEIR_TRY_ASSIGN(const std::string bytes, storing.read(object.name, object.version));
    if (object.bytes >= 0 && bytes.size() != static_cast<std::size_t>(object.bytes))
      return fail("'" + object.name + "' has " + std::to_string(bytes.size()) + " bytes, and was told to have " +
                  std::to_string(object.bytes));
  }
  return {};
}

Step refuses_version(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY(filled(session, storing));
  WEIR_TRY_ASSIGN(const auto objects, storing.list(session.option("/path")));
  for (const Stored& object : objects) {
    if (object.version.empty()) continue;
    if (storing.read(object.name, "another"))
      return fail("'" + object.name + "' was opened as a version that it does not have");
    if (session.status() != WEIR_FAILED_PRECONDITION)
      return fail("another version is refused with " + std::string(plugins::status_name(session.status())) +
                  " instead of FAILED_PRECONDITION");
  }
  return {};
}

Step misses(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY(storing.create());
  const std::string name = (session.place() / "there is no such object").string();
  if (storing.stat(name)) return fail("stat() of what is not there returned OK");
  if (session.status() != WEIR_NOT_FOUND && session.status() != WEIR_UNIMPLEMENTED)
    return fail("stat() of what is not there returned " + std::string(plugins::status_name(session.status())) +
                " instead of NOT_FOUND");
  if (storing.read(name)) return fail("open_read() of what is not there returned OK");
  return {};
}

// A storage that replaces objects, and the version that the option's object has; others end the case.
base::Result<std::string> before_replacing(Session& session, Storing& storing) {
  const auto* const table =
      static_cast<const weir_conditional*>(plugins::Library::extension(session.description(), WEIR_CONDITIONAL));
  if (table == nullptr) return skip("it has no weir.conditional/1");
  WEIR_TRY(storing.create());
  const auto found = storing.stat(session.option("/path"));
  return found && !found->empty() ? found->front().version : std::string();
}

// Refused with FAILED_PRECONDITION, and the object holds `bytes` still.
Step stays_when_refused(Session& session, Storing& storing, std::string_view expected, std::string_view bytes) {
  const std::string name = session.option("/path");
  if (storing.replace(name, "refused", expected))
    return fail("an object was replaced as version '" + std::string(expected) + "', which it does not have");
  if (session.status() != WEIR_FAILED_PRECONDITION)
    return fail("another version is refused with " + std::string(plugins::status_name(session.status())) +
                " instead of FAILED_PRECONDITION");
  WEIR_TRY_ASSIGN(const std::string found, storing.read(name));
  return found == bytes ? Step() : fail("an object was changed by a replacement that was refused");
}

Step replaces_once(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY_ASSIGN(const std::string before, before_replacing(session, storing));
  const std::string name = session.option("/path");
  WEIR_TRY_ASSIGN(const std::string first, storing.replace(name, "one", before));
  WEIR_TRY(stays_when_refused(session, storing, "", "one"));
  WEIR_TRY_ASSIGN(const std::string second, storing.replace(name, "two, longer", first));
  WEIR_TRY(stays_when_refused(session, storing, first, "two, longer"));
  WEIR_TRY_ASSIGN(const std::string bytes, storing.read(name, second));
  return bytes == "two, longer" ? Step() : fail("an object that was replaced was read as other bytes");
}

Step versions_are_new(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Storing storing(session);
  WEIR_TRY_ASSIGN(std::string version, before_replacing(session, storing));
  const std::string name = session.option("/path");
  constexpr int kTimes = 20;
  std::set<std::string> seen;
  for (int i = 0; i < kTimes; ++i) {
    WEIR_TRY_ASSIGN(version, storing.replace(name, i % 2 == 0 ? "one" : "two", version));
    if (version.empty() || !seen.insert(version).second)
      return fail("replaced " + std::to_string(i + 1) + " times, an object had version '" + version +
                  "', which is empty or was there before");
    WEIR_TRY_ASSIGN(const auto found, storing.stat(name));
    if (found.size() != 1 || found[0].version != version)
      return fail("stat() told another version of an object than replace()");
  }
  return {};
}

constexpr std::string_view kStaged =
    "A run of bytes to write: invisible until its storage commits what prepare() told.";

constexpr Case kStorageCases[] = {
    {"storage", "written-is-read", "What was written and committed is read again.", kStorage, write_read,
     "make prepare() write out all, and commit() give it its name",
     "Gives the object its name, as long as the committable says"},
    {"storage", "staged-is-unseen", "An object is not there before it is committed.", kStorage, storage_unseen,
     "stage it under another name", kStaged},
    {"storage", "object-committed-again", "An object may be committed again.", kStorage, storage_commits_again,
     "take what has its name already for done", "bytes behind that are cut off. Idempotent."},
    {"storage", "object-aborted", "After abort(), once or twice, nothing of the object is left.", kStorage,
     storage_aborts, "remove what the committable names, and take what is not there for done",
     "Discards the whole object"},
    {"storage", "sweeps-dead", "sweep() removes what a writer of a lower fence staged.", kStorage, sweeps,
     "put run, link, lane and fence into the staged object's name, and look for lower ones",
     "Aborts what context's run, link and lane staged with a fence below context's, in whatever epoch"},
    {"storage", "sweeps-around-kept", "sweep() leaves alone what it is told to keep.", kStorage, sweeps_around,
     "compare each staged object with the committables in `keep`", "Never an object of a committable in `keep`"},
    {"storage", "lists-in-order", "Objects are listed by name, and after a name the rest.", kStorage, storage_lists,
     "sort names by their bytes, and leave out those up to `after`", "in the order of names, after the name `after`"},
    {"storage", "tells-the-same", "stat() tells of an object what list() tells, and what reading it shows.", kStorage,
     stats_same, "make both of one function", "Named objects of bytes."},
    {"storage", "refuses-other-version", "It opens no other version than the one that is asked for.", kStorage,
     refuses_version, "compare the version when you open it",
     "Opens the version, if not empty, or fails with FAILED_PRECONDITION"},
    {"storage", "misses-what-is-not-there", "What is not there is NOT_FOUND.", kStorage, misses,
     "return WEIR_NOT_FOUND, with the object's name", "Named objects of bytes."},
    {"storage", "replaces-once", "An object is replaced only by who knows its version.", kStorage, replaces_once,
     "compare and replace in one step, and return WEIR_FAILED_PRECONDITION",
     "In one step: nobody sees a part of it, and of several callers in any process one wins"},
    {"storage", "replaced-is-new", "A replaced object has a version that it never had.", kStorage, versions_are_new,
     "put a count, or a time that only grows, into the version",
     "A version that was once told of a name is never that of other bytes."},
};

}  // namespace

std::span<const Case> storage_cases() { return kStorageCases; }

}  // namespace weir::conformance
