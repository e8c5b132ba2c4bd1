"""The planner: what a free worker tests next and what a verdict means, pure functions of facts.

How a worker uses it, with facts read afresh at each step (`from_view.facts_of`):

    landing.landable(facts)   these may land without another build: build them on the head; if that
                              tree has a passing verdict, land them, else forget it and go on
    blame.blamed(facts)       refuse each of these, with the evidence in `runs` and `why`
    pick.pick(facts)          a `Candidate`: claim it with purpose and base, build its members on
                              the head in their order, test, record the verdict; or `Idle`
    landing.cancelled(facts)  asked while testing: if one's own claim is among them, stop, and give
                              it back

A verdict needs no call: the next `facts_of` reads it.  Candidates overlap, so a claim is of one
candidate (its members and base), not of each member; safety never rests on claims, since a target
only moves to a tree with a recorded pass.  `pick.plan(facts)` lists what all free workers would
take, for `refinery plan`.
"""
