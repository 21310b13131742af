"""Approvals once more, in memory and by name: seats around a table, turned over as people say something. Slow, plain, and written separately."""

import copy
from dataclasses import dataclass, field

OPEN_ENDS = ("approved", "rejected", "returned", "withdrawn")


class No(Exception):
    """A refusal, by its code."""


@dataclass(frozen=True)
class Rule:
    """One step: who is named (`role:fin`, `user:m1`, `manager`, `owner`), how many, above or up to which amount, how many hours, and then."""

    who: str
    needed: int | None
    above: int | None
    upto: int | None
    hours: int | None
    otherwise: str | None


@dataclass(frozen=True)
class Definition:
    """An approval as it is defined."""

    name: str
    rules: tuple[Rule, ...]
    same: str
    own: bool


@dataclass(frozen=True)
class Org:
    """Who there is, in the order of their numbers: name → (roles, manager)."""

    people: dict[str, tuple[tuple[str, ...], str | None]]
    admin: str


@dataclass(eq=False)
class Seat:
    """Somebody at the table. `behind`: the seat that must agree first; `said`: what became of it; `by`: who said so."""

    who: str
    place_of: str | None
    guest: bool
    behind: "Seat | None" = None
    said: str | None = None
    by: str | None = None

    @property
    def state(self) -> str:
        """As the engine calls it."""
        return self.said or ("open" if self.behind is None or self.behind.said == "approved" else "waiting")


@dataclass(eq=False)
class Visit:
    """One time at one step."""

    step: int
    seats: list[Seat] = field(default_factory=list)
    void: bool = False
    counted: int = 0


@dataclass
class World:
    """One approval of one record."""

    definition: Definition
    org: Org
    owner: str
    amount: int
    submitter: str
    away: dict[str, str] = field(default_factory=dict)
    now: float = 0
    deadline: float | None = None
    state: str = "running"
    visits: list[Visit] = field(default_factory=list)
    order: list[Seat] = field(default_factory=list)  # every seat ever

    def copy(self) -> "World":
        """To go back to when something is refused."""
        return copy.deepcopy(self)

    def stand_in(self, person: str) -> str:
        """Who acts for somebody."""
        seen, who = [person], person
        while who in self.away:
            who = self.away[who]
            if who in seen:
                return person
            seen.append(who)
        return who

    def out(self, step: int) -> set[str]:
        """Who has no say in a step."""
        mine = set() if self.definition.own else {self.submitter}
        return mine if self.definition.same == "again" else mine | self.before(step)

    def before(self, step: int) -> set[str]:
        """Who agreed on the way to a step."""
        return {s.by for v in self.visits if v.step < step and not v.void for s in v.seats if s.said == "approved" and s.by}

    def table(self) -> Visit:
        """Where it is now."""
        return self.visits[-1]

    def part(self) -> set[str]:
        """Who sits at the table, or has agreed at it."""
        seats = self.table().seats
        return {s.who for s in seats if s.state in ("open", "waiting")} | {s.by or s.who for s in seats if s.said == "approved"}

    def named(self, rule: Rule) -> list[str]:
        """Whom a step names."""
        kind, _, name = rule.who.partition(":")
        if kind == "role":
            return [p for p, (roles, _) in self.org.people.items() if name in roles]
        who = name if kind == "user" else self.owner if kind == "owner" else self.org.people[self.owner][1]
        return [who] if who else []

    def up(self, person: str, out: set[str]) -> tuple[str, str | None] | None:
        """The next one above somebody who can be asked; then the administrator."""
        chain, boss = [person], self.org.people[person][1]
        while boss and boss not in chain:
            chain.append(boss)
            if boss not in out and self.stand_in(boss) not in out:
                return self.asked(boss)
            boss = self.org.people[boss][1]
        admin = self.org.admin
        return None if admin in out or self.stand_in(admin) in out else self.asked(admin)

    def asked(self, person: str) -> tuple[str, str | None]:
        """Who is asked for a person."""
        who = self.stand_in(person)
        return who, None if who == person else person

    def start(self) -> None:
        """Submitted."""
        self.go(0)

    def go(self, step: int) -> None:
        """To the next step that comes, from `step` on."""
        for number, rule in list(enumerate(self.definition.rules))[step:]:
            if rule.above is not None and not self.amount > rule.above or rule.upto is not None and not self.amount <= rule.upto:
                continue
            if self.sit(number, rule):
                return
        self.state = "approved"

    def sit(self, number: int, rule: Rule) -> bool:
        """Lay the table for a step; False when it is done already."""
        wanted, out = self.named(rule), self.out(number)
        counted = len(self.before(number) & set(wanted)) if self.definition.same == "counts" else 0
        found: list[tuple[str, str | None]] = []
        for person in wanted:
            who, place = self.asked(person)
            if not {person, who} & out and who not in [f[0] for f in found]:
                found.append((who, place))
        if counted and (not found if rule.needed is None else counted >= rule.needed):
            return False
        least = 1 if rule.needed is None else rule.needed - counted
        for person in [*wanted, self.org.admin]:
            if len(found) >= least:
                break
            above = self.up(person, out | {f[0] for f in found})
            found += [above] if above else []
        if len(found) < least:
            raise No("R352")
        visit = Visit(number, counted=counted)
        self.visits.append(visit)
        for who, place in found:
            self.seat(Seat(who, place, guest=False))
        self.deadline = None if rule.hours is None else self.now + rule.hours
        return True

    def seat(self, seat: Seat) -> Seat:
        """One more at the table."""
        self.table().seats.append(seat)
        self.order.append(seat)
        return seat

    def clear(self) -> None:
        """Everybody gets up."""
        for seat in self.table().seats:
            if seat.state in ("open", "waiting"):
                seat.said = "cancelled"
        self.deadline = None

    def check(self, person: str, seat: Seat) -> None:
        """Whether somebody may speak from a seat."""
        stands_in = person != seat.who and seat.who in self.away and self.stand_in(seat.who) == person
        if person not in (seat.who, seat.by) and not stands_in:
            raise No("R353")
        if self.state != "running":
            raise No("R355")
        if seat.state != "open" or (person != seat.who and (not stands_in or person in self.out(self.table().step) | self.part())):
            raise No("R353")

    def guest(self, person: str) -> tuple[str, str | None]:
        """Somebody who is called to the table."""
        if person in self.part():
            raise No("R361")
        out = self.out(self.table().step)
        if person in out:
            raise No("R364")
        who, place = self.asked(person)
        return (person, None) if who in out | self.part() else (who, place)

    def approve(self, person: str, seat: Seat) -> None:
        """Yes."""
        self.check(person, seat)
        seat.said, seat.by = "approved", person
        self.settle()

    def settle(self) -> None:
        """On to the next step, if this one is done."""
        visit = self.table()
        rule = self.definition.rules[visit.step]
        own = [s for s in visit.seats if not s.guest and s.said in (None, "approved")]
        yes = [s for s in own if s.said == "approved"]
        needed = len(own) if rule.needed is None else min(rule.needed - visit.counted, len(own))
        if len(yes) >= needed and all(s.said for s in visit.seats if s.guest):
            self.clear()
            self.go(visit.step + 1)

    def say_no(self, person: str, seat: Seat, word: str, step: int | None = None) -> None:
        """No, or back."""
        self.check(person, seat)
        if step is not None and not step < self.table().step:
            raise No("R358")
        seat.said, seat.by = word, person
        self.clear()
        if step is None:
            self.state = word
            return
        for visit in self.visits:
            visit.void = visit.void or visit.step >= step
        self.go(step)

    def transfer(self, person: str, seat: Seat, to: str) -> None:
        """Somebody else shall say."""
        self.check(person, seat)
        who, place = self.guest(to)
        seat.said, seat.by = "transferred", person
        self.replace(seat, who, place)

    def replace(self, seat: Seat, who: str, place: str | None) -> None:
        """Somebody else sits down in a seat."""
        made = self.seat(Seat(who, place, seat.guest, seat.behind if seat.behind and seat.behind.said != "approved" else None))
        for other in self.table().seats:
            if other.behind is seat:
                other.behind = made

    def add(self, person: str, seat: Seat, to: str, *, before: bool) -> None:
        """Somebody else shall say something too."""
        self.check(person, seat)
        who, place = self.guest(to)
        if before:
            seat.behind = self.seat(Seat(who, place, guest=True))
        else:
            self.seat(Seat(who, place, guest=True, behind=seat))

    def withdraw(self, person: str) -> None:
        """Taken back."""
        if person != self.submitter:
            raise No("R356")
        if self.state != "running":
            raise No("R355")
        self.clear()
        self.state = "withdrawn"

    def later(self, hours: float) -> None:
        """Time goes by."""
        self.now += hours
        if self.state != "running" or self.deadline is None or self.deadline > self.now:
            return
        self.deadline = None
        visit = self.table()
        rule = self.definition.rules[visit.step]
        if rule.otherwise == "escalate":
            for seat in [s for s in visit.seats if s.state == "open"]:
                above = self.up(seat.place_of or seat.who, self.out(visit.step) | {s.who for s in visit.seats} | self.part())
                if above:
                    seat.said = "escalated"
                    self.replace(seat, *above)
                    self.deadline = self.now + (rule.hours or 0)
            return
        for seat in visit.seats:
            if seat.said is None:
                seat.said = "approved" if rule.otherwise == "approve" else "rejected"
        if rule.otherwise == "approve":
            self.settle()
        else:
            self.clear()
            self.state = "rejected"
