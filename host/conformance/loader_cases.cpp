// Cases of loaders: what is seen when, and calls that come again after a crash.
#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

using Files = std::map<std::string, std::string>;

Step needs_commit(const Session& session, std::int32_t commit) {
  if (commit_of(session) == commit) return {};
  return skip(commit == WEIR_COMMIT_ATOMIC ? "it does not commit rows and token in one step"
                                           : "it does not commit in two phases");
}

// The files that a whole run leaves.
base::Result<Files> files_of_run(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.live());
  return files_in(session.place());
}

// The first of `wanted` that is among `files`.
std::string first_of(const Files& wanted, const Files& files) {
  for (const auto& [name, bytes] : wanted) {
    if (files.contains(name)) return name;
  }
  return {};
}

Step same_files(const Files& wanted, const Files& files, const std::string& when) {
  for (const auto& [name, bytes] : wanted) {
    const auto at = files.find(name);
    if (at == files.end()) return fail(when + " there was no '" + name + "'");
    if (at->second != bytes) return fail(when + " '" + name + "' held something else");
  }
  for (const auto& [name, bytes] : files) {
    if (!wanted.contains(name)) return fail(when + " '" + name + "' was left");
  }
  return {};
}

Step loader_unseen(Subject& subject) {
  WEIR_TRY_ASSIGN(const Files whole, files_of_run(subject));
  Session session(subject, {});
  WEIR_TRY(session.begin());
  WEIR_TRY(needs_commit(session, WEIR_COMMIT_TWO_PHASE));
  Committing committer(session);
  WEIR_TRY(committer.open());
  Writing writing(session);
  WEIR_TRY(writing.open());
  for (const auto& rows : session.batches()) WEIR_TRY(writing.write(rows));
  WEIR_TRY(writing.prepare(1));
  const std::string early = first_of(whole, files_in(session.place()));
  return early.empty() ? Step() : fail("'" + early + "' was there before commit()");
}

// What becomes of rows whose writer is closed without more.
Step discards(Subject& subject) {
  WEIR_TRY_ASSIGN(const Files whole, files_of_run(subject));
  Session session(subject, {});
  WEIR_TRY(session.begin());
  if (commit_of(session) == WEIR_COMMIT_NONE) return skip("its rows are seen as soon as they are written");
  Committing committer(session);
  WEIR_TRY(committer.open());
  {
    Writing writing(session);
    WEIR_TRY(writing.open());
    for (const auto& rows : session.batches()) WEIR_TRY(writing.write(rows));
  }
  if (commit_of(session) == WEIR_COMMIT_ATOMIC) {
    WEIR_TRY_ASSIGN(const std::uint64_t last, committer.last_committed());
    return last == 0 ? Step()
                     : fail("last_committed() told epoch " + std::to_string(last) + ", which was never committed");
  }
  WEIR_TRY(committer.abort(1, {}));
  const std::string early = first_of(whole, files_in(session.place()));
  return early.empty() ? Step() : fail("'" + early + "' was there though nothing was prepared");
}

struct Prepared {
  std::filesystem::path place;
  std::vector<std::string> committables;
};

// A two-phase epoch as a writer leaves it that is gone.
base::Result<Prepared> prepared(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  WEIR_TRY(needs_commit(session, WEIR_COMMIT_TWO_PHASE));
  Committing committer(session);
  WEIR_TRY(committer.open());
  Writing writing(session);
  WEIR_TRY(writing.open());
  for (const auto& rows : session.batches()) WEIR_TRY(writing.write(rows));
  WEIR_TRY(writing.prepare(1));
  return Prepared{session.place(), writing.committables()};
}

Step commit_once_more(Session& session, const Prepared& made, std::vector<std::string>& published) {
  WEIR_TRY(session.begin());
  Committing committer(session);
  WEIR_TRY(committer.open());
  const Step committed = committer.commit(1, made.committables);
  if (!committed) return fail("commit() of what another made said: " + committed.error().message);
  published = committer.published();
  return {};
}

Step commits_elsewhere(Subject& subject) {
  WEIR_TRY_ASSIGN(const Files whole, files_of_run(subject));
  WEIR_TRY_ASSIGN(const Prepared made, prepared(subject));
  Session other(subject, at_place(made.place, 2));
  std::vector<std::string> published;
  WEIR_TRY(commit_once_more(other, made, published));
  WEIR_TRY(finish_run(other, 1, published));
  return same_files(whole, files_in(made.place), "committed by another process");
}

Step loader_commits_again(Subject& subject) {
  WEIR_TRY_ASSIGN(const Files whole, files_of_run(subject));
  WEIR_TRY_ASSIGN(const Prepared made, prepared(subject));
  std::vector<std::string> first, second;
  for (auto* const published : {&first, &second}) {
    Session session(subject, at_place(made.place, published == &first ? 2 : 3));
    WEIR_TRY(commit_once_more(session, made, *published));
    WEIR_TRY(same_files(whole, files_in(made.place), published == &first ? "committed once" : "committed twice"));
  }
  if (first != second) return fail("the second commit() of an epoch told other things as published");
  return {};
}

Step loader_aborts(Subject& subject) {
  WEIR_TRY_ASSIGN(const Prepared made, prepared(subject));
  Session session(subject, at_place(made.place, 2));
  WEIR_TRY(session.begin());
  Committing committer(session);
  WEIR_TRY(committer.open());
  for (int time = 0; time < 2; ++time) {
    const Step aborted = committer.abort(1, made.committables);
    if (!aborted) return fail("abort() said: " + aborted.error().message);
  }
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  Files given;
  for (const SampleFile& file : sample->files) given[file.name] = file.bytes;
  return same_files(given, files_in(made.place), "after abort()");
}

// Nobody told the committable: abort() finds the trace by itself.
Step aborts_untold(Subject& subject) {
  WEIR_TRY_ASSIGN(const Files whole, files_of_run(subject));
  WEIR_TRY_ASSIGN(const Prepared made, prepared(subject));
  Session session(subject, at_place(made.place, 2));
  WEIR_TRY(session.begin());
  Committing committer(session);
  WEIR_TRY(committer.open());
  WEIR_TRY(committer.abort(1, {}));
  const Files left = files_in(made.place);
  return left.empty() ? Step() : fail("after abort() without a committable '" + left.begin()->first + "' was left");
}

Step keeps_earlier(Subject& subject) {
  WEIR_TRY_ASSIGN(const Prepared made, prepared(subject));
  std::vector<std::string> published;
  Session first(subject, at_place(made.place, 2));
  WEIR_TRY(commit_once_more(first, made, published));
  const Files committed = files_in(made.place);
  Session later(subject, at_place(made.place, 3));
  WEIR_TRY(later.begin());
  Committing committer(later);
  WEIR_TRY(committer.open());
  WEIR_TRY(committer.abort(2, {}));
  return same_files(committed, files_in(made.place), "after abort() of a later epoch");
}

Step finishes_again(Subject& subject) {
  WEIR_TRY_ASSIGN(const Prepared made, prepared(subject));
  std::vector<std::string> published;
  Session session(subject, at_place(made.place, 2));
  WEIR_TRY(commit_once_more(session, made, published));
  if (!WEIR_CAN(session.table<weir_loader>().committer, finish)) return skip("its committer has no finish()");
  WEIR_TRY(finish_run(session, 1, published));
  const Files once = files_in(made.place);
  const Step again = finish_run(session, 1, published);
  if (!again) return fail("the second finish() said: " + again.error().message);
  return same_files(once, files_in(made.place), "after a second finish()");
}

// An atomic epoch, committed.
Step commit_atomic(Session& session, Writing& writing, std::uint64_t epoch) {
  for (const auto& rows : session.batches()) WEIR_TRY(writing.write(rows));
  WEIR_TRY(writing.prepare(epoch));
  return writing.commit(epoch);
}

Step remembers_epoch(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  WEIR_TRY(needs_commit(session, WEIR_COMMIT_ATOMIC));
  Committing committer(session);
  WEIR_TRY(committer.open());
  WEIR_TRY_ASSIGN(const std::uint64_t none, committer.last_committed());
  if (none != 0) return fail("last_committed() told epoch " + std::to_string(none) + " before any was");
  {
    Writing writing(session);
    WEIR_TRY(writing.open());
    WEIR_TRY(commit_atomic(session, writing, 1));
    WEIR_TRY(writing.prepare(2));  // an epoch without rows
    WEIR_TRY(writing.commit(2));
  }
  Session later(subject, at_place(session.place(), 2));
  WEIR_TRY(later.begin());
  Committing other(later);
  WEIR_TRY(other.open());
  WEIR_TRY_ASSIGN(const std::uint64_t last, other.last_committed());
  return last == 2 ? Step() : fail("after commit(2) another process was told epoch " + std::to_string(last));
}

Step refuses_lower_fence(Subject& subject) {
  Session old(subject, {});
  WEIR_TRY(old.begin());
  WEIR_TRY(needs_commit(old, WEIR_COMMIT_ATOMIC));
  {
    Committing committer(old);
    WEIR_TRY(committer.open());
  }
  {
    Session granted(subject, at_place(old.place(), 5));
    WEIR_TRY(granted.begin());
    Committing committer(granted);
    WEIR_TRY(committer.open());
    Writing writing(granted);
    WEIR_TRY(writing.open());
    WEIR_TRY(commit_atomic(granted, writing, 1));
  }
  Session zombie(subject, at_place(old.place(), 4));
  WEIR_TRY(zombie.begin());
  Writing writing(zombie);
  Step ended = writing.open();
  if (ended) ended = commit_atomic(zombie, writing, 1);
  if (ended) return fail("a commit() with fence 4 was taken after fence 5 was granted");
  if (zombie.status() == WEIR_ABORTED) return {};
  return fail("a lower fence was refused with " + std::string(plugins::status_name(zombie.status())) +
              " instead of ABORTED");
}

constexpr std::string_view kIdempotent =
    "Must be idempotent: any of them, or all, may have been published already by a call that never";
constexpr std::string_view kAbort =
    "Two-phase only: discards what writers of this lane made in epochs >= `epoch`, the listed committables";

constexpr Case kLoaderCases[] = {
    {"loader", "receipts-right", "A receipt counts the rows that were written and not rejected, or says nothing.",
     kLoader, observed, "count what the destination says it has, or leave receipt->rows at -1",
     "The only number that must be right if given"},
    {"loader", "unseen-until-commit", "What is prepared is not seen before commit().", kLoader, loader_unseen,
     "write under another name, and give it its own in the committer's commit()",
     "everything written in it is durable and"},
    {"loader", "discards-unprepared", "What was not prepared is gone when its writer is.", kLoader, discards,
     "roll back, or remove what was staged, in close()",
     "Ends the instance; what was not prepared (atomic: committed) is discarded."},
    {"loader", "commits-elsewhere", "Another process can commit what a writer prepared that is gone.", kLoader,
     commits_elsewhere, "put into the committable all that commit() needs",
     "Publishes what writers prepared: they may be gone."},
    {"loader", "commits-again", "An epoch may be committed again, and is told as published again.", kLoader,
     loader_commits_again, "take what is published already for done, and tell it again", kIdempotent},
    {"loader", "aborts-all", "After abort(), once or twice, nothing of the epoch is left.", kLoader, loader_aborts,
     "remove what the committable names, and take what is not there for done", kAbort},
    {"loader", "aborts-untold", "abort() finds what a writer made that never told of it.", kLoader, aborts_untold,
     "put run, link and lane into the names of what is staged, and look for them",
     "any other trace (a writer may have died before it told): find them by run, link and lane in their"},
    {"loader", "aborts-later-only", "abort() of an epoch leaves earlier ones alone.", kLoader, keeps_earlier,
     "compare the epoch in the name with the one that is aborted", "Never touches an earlier epoch."},
    {"loader", "finishes-again", "A run may be finished again.", kLoader, finishes_again,
     "take what is done already for done", "`complete` 0: the run was given up"},
    {"loader", "remembers-epoch", "After commit() another process is told that epoch, also of one without rows.",
     kLoader, remembers_epoch, "write the token (run, link, lane, epoch, fence) in the transaction of the rows",
     "After OK, last_committed() is `epoch`, even"},
    {"loader", "refuses-lower-fence", "It refuses to commit with a lower fence than one that was granted.", kLoader,
     refuses_lower_fence, "compare the token's fence with context->fence in the same transaction, and return ABORTED",
     "Refuses with ABORTED if the token holds a higher fence."},
};

}  // namespace

std::span<const Case> loader_cases() { return kLoaderCases; }

}  // namespace weir::conformance
