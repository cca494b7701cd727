/* The protocol of host/recovery/lane.hpp, small enough to look at every interleaving: two lanes, each with an atomic and a
 * two-phase loader, rows that epochs cut anywhere, and one accident: at any moment a worker dies, or its host with both
 * lanes, or another gets the lane while the first goes on without knowing. Steps have the names of lane.hpp; each is one
 * action, or several where it makes several calls.
 *
 * spin.py checks it, and that each wrong variant is found:
 *   CHECKPOINT_DECIDES, BEFORE_DROPPED, TWO_ATOMIC, NO_FENCE, NO_FENCE_AT_STORE, NOT_CONFIRMED, SWEEP_WITHOUT_FENCE */

#define ROWS 2            /* of a lane; as bits in tables */
#define ALL 3
#define EPOCHS 3
#define LAST (EPOCHS - lane)  /* the epoch that reads what is left */
#define BETWEEN(from, to) (((1 << (to)) - 1) & ~((1 << (from)) - 1))

#define ABSENT 0
#define STAGED 1
#define PUBLISHED 2
#define GONE 3
#define OBJECT(fence, epoch) (((fence) - 1) * EPOCHS + (epoch) - 1)

typedef LaneState {
  /* the store */
  byte fence, newest;
  bool before;                                          /* newest - 1 is kept */
  byte read[EPOCHS + 1], maker[EPOCHS + 1];             /* a checkpoint: rows read so far, the fence of who made it */
  bool last[EPOCHS + 1];
  byte acknowledged;                                    /* the source: rows it need not give again */
  byte token_fence, committed, table;                   /* the atomic destination */
#ifdef TWO_ATOMIC
  byte second_table;
#endif
  byte object[2 * EPOCHS], rows[2 * EPOCHS], published; /* the two-phase one */
};
LaneState lanes[2];
mtype = { NONE, WORKER, HOST, LEASE };
mtype accident = NONE;                                  /* who died; or a lease ran out under who goes on */
bool complete;

#ifdef CHECKPOINT_DECIDES
#define TRUSTS_CHECKPOINT true
#else
#define TRUSTS_CHECKPOINT false
#endif
#ifdef NOT_CONFIRMED
#define CONFIRMED false
#else
#define CONFIRMED true
#endif
#ifdef TWO_ATOMIC
#define FROM from = read;
#else
#define FROM
#endif
#ifdef BEFORE_DROPPED
#define KEPT false
#else
#define KEPT true
#endif
#define L lanes[lane]
/* One action; before each may come the accident. */
#define act(does) atomic { \
  if \
  :: accident == NONE && lane == 0 && number == 0 -> accident = WORKER; run Worker(0, 1); goto over \
  :: accident == NONE && lane == 0 && number == 0 -> accident = HOST; run Worker(0, 1); goto over \
  :: accident == HOST && lane == 1 && number == 0 -> run Worker(1, 1); goto over \
  :: accident == NONE && lane == 0 && number == 0 -> accident = LEASE; run Worker(0, 1) \
  :: accident != HOST || lane == 0 || number == 1 \
  fi; \
  does }
#define OVERTAKEN (L.fence != fence)
#ifdef NO_FENCE_AT_STORE
#define REFUSED_BY_STORE false
#else
#define REFUSED_BY_STORE OVERTAKEN
#endif
#ifdef NO_FENCE
#define REFUSED_BY_TABLE false
#else
#define REFUSED_BY_TABLE (fence < L.token_fence)
#endif

#ifdef SWEEP_WITHOUT_FENCE
#define MAY_BE_SWEPT true
#else
#define MAY_BE_SWEPT (i / EPOCHS + 1 <= fence)
#endif

/* Discards what was begun in epochs >= from, under this fence or a lower one. */
inline discard(from) {
  i = 0;
  do
  :: i == 2 * EPOCHS -> break
  :: else ->
    if
    :: L.object[i] == STAGED && i % EPOCHS + 1 >= from && MAY_BE_SWEPT -> L.object[i] = GONE
    :: else
    fi;
    i++
  od;
  i = 0
}

inline publish(by, epoch) {
  i = OBJECT(by, epoch);
  if
  :: L.object[i] == PUBLISHED
  :: else ->
    assert(L.object[i] == STAGED);                      /* else what is published is gone */
    assert((L.published & L.rows[i]) == 0);             /* else rows are doubled */
    L.published = L.published | L.rows[i];
    L.object[i] = PUBLISHED
  fi;
  i = 0
}

proctype Worker(byte lane, number) {
  byte fence, i, asked;
  byte e, read, maker;                                  /* the newest decided epoch, and its checkpoint */
  byte base_read, base_maker, to;
#ifdef TWO_ATOMIC
  byte from;
#endif
  bool before, last, ended;

  /* grant */
  act(L.fence++; fence = L.fence; e = L.newest; before = L.before; read = L.read[e]; maker = L.maker[e]; last = L.last[e];
      if :: e > 0 -> base_read = L.read[e - 1]; base_maker = L.maker[e - 1] :: else fi;
      if :: complete -> goto over :: else fi);
  /* open_committers */
  act(if :: REFUSED_BY_TABLE -> goto over :: else -> L.token_fence = fence fi);
  /* ask_committed */
  act(asked = L.committed; if :: TRUSTS_CHECKPOINT -> asked = e :: else fi);
  act(if :: OVERTAKEN && CONFIRMED -> goto over :: else fi;
      if
      :: asked == e -> asked = 0; before = false; if :: e == 0 -> goto sweep :: else -> goto decided fi
      :: asked + 1 == e && before -> asked = 0; before = false
      :: else -> assert(false)                          /* stop_foreign, though nobody else wrote */
      fi);
  act(discard(e));                                      /* abort */
  act(if                                                /* drop_checkpoint */
      :: REFUSED_BY_STORE || L.newest != e || L.maker[e] != maker -> goto over
      :: else -> L.newest = e - 1; L.before = false; L.last[e] = false
      fi;
      e--; read = base_read; maker = base_maker; last = false; base_read = 0; base_maker = 0;
      if :: e == 0 -> goto sweep :: else fi);

decided:
  act(publish(maker, e));
  act(L.acknowledged = (L.acknowledged > read -> L.acknowledged : read));
  act(if                                                /* forget */
      :: REFUSED_BY_STORE -> goto over
      :: else -> if :: L.newest == e -> L.before = false :: else fi
      fi;
      if :: ended && last -> goto finish :: ended && !last -> goto flow :: else fi);

sweep:
  act(discard(e + 1); assert(OVERTAKEN || L.acknowledged <= read);  /* open_writers: readers can go back to here */
      if :: last -> goto finish :: else fi);

flow:                                                   /* a barrier anywhere, and perhaps the end seen later */
  act(if
      :: e + 1 == LAST -> to = ROWS; last = true
      :: e + 1 < LAST -> to = read
      :: e + 1 < LAST && read < ROWS -> to = read + 1
      :: e + 1 < LAST && read < ROWS -> to = ROWS; last = true
      fi;
      i = OBJECT(fence, e + 1); L.object[i] = STAGED; L.rows[i] = BETWEEN(read, to); i = 0);
  /* prepare: the atomic writer's transaction is its own until it commits. store: */
  act(if
      :: REFUSED_BY_STORE || L.newest != e -> goto over
      :: else -> L.newest = e + 1; L.read[e + 1] = to; L.maker[e + 1] = fence; L.last[e + 1] = last; L.before = KEPT
      fi);
  act(if
      :: REFUSED_BY_TABLE -> goto over
      :: else ->
        assert((L.table & BETWEEN(read, to)) == 0);     /* else rows are doubled */
        L.table = L.table | BETWEEN(read, to); L.committed = e + 1
      fi;
      e++; FROM read = to; maker = fence; ended = true; to = 0);
#ifdef TWO_ATOMIC
  act(if
      :: REFUSED_BY_TABLE -> goto over
      :: else -> L.second_table = L.second_table | BETWEEN(from, read)
      fi; from = 0);
#endif
  goto decided;

finish:
  atomic {
    lanes[0].last[lanes[0].newest] && !lanes[0].before && lanes[1].last[lanes[1].newest] && !lanes[1].before ->
    complete = true
  }
over: skip;
  d_step { fence = 0; i = 0; asked = 0; e = 0; read = 0; maker = 0; base_read = 0; base_maker = 0; to = 0;
           before = false; last = false; ended = false }
}

init {
  atomic { run Worker(0, 0); run Worker(1, 0) };
  timeout;                                              /* nobody has anything to do */
  assert(complete);
  assert(lanes[0].table == ALL && lanes[1].table == ALL);
  assert(lanes[0].published == ALL && lanes[1].published == ALL);
#ifdef TWO_ATOMIC
  assert(lanes[0].second_table == ALL && lanes[1].second_table == ALL);
#endif
}
