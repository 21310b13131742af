"""`uses`: the packages an app stands on, each once, in the order in which they build on each other; and all their names in one mapping."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dougong_dsl.codes import composition as codes
from dougong_dsl.diagnostics import Diagnostic, Related, nearest
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.compose.packages import Library, Package, Use
from dougong.compose.versions import WANTED
from dougong.names.prefix import prefixed

ABOUT = ("app", "version", "title", "uses", "change")  # said of a package itself, not handed on
# users and teams are built in: each package may add attributes
EVERYBODYS = (("objects", "user"), ("objects", "user", "fields"), ("objects", "team"), ("objects", "team", "fields"))
SETTINGS = ("timezone", "currency", "calendar")  # handed on unless the app says otherwise


@dataclass(slots=True)
class Gathered:
    """Packages by what they are called, in the order in which they build on each other. `through` is the entry of the app's own `uses` that
    leads to each, `below` what each stands on, `versions` the version of each block with the entry that first led to it."""

    packages: dict[str, Package] = field(default_factory=dict)
    through: dict[str, Word] = field(default_factory=dict)
    below: dict[str, set[str]] = field(default_factory=dict)
    versions: dict[str, tuple[str, Word]] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def put(self, package: Package, through: Word, below: set[str]) -> None:
        """A package after all that it stands on."""
        self.packages[package.called], self.through[package.called], self.below[package.called] = package, through, below


def uses_of(merged: Entries) -> tuple[list[Use], list[Diagnostic]]:
    """The entries of `uses`, those under an alias too; what is of another kind is left to the definition's own complaint."""
    written = next((value for key, value in merged.items() if key == "uses"), Items(merged.place))
    found, problems = [], []
    for each in written if isinstance(written, Items) else [written]:
        pairs = each.items() if isinstance(each, Entries) else [(None, each)]
        for alias, word in pairs:
            if not isinstance(word, Word) or word.value is None:
                continue
            name, at, wanted = (part.strip() for part in word.partition("@"))
            if alias is not None and not alias.isidentifier():
                problems.append(codes.WRONG_ALIAS.at(alias.place, text=str(alias)))
            elif name.isidentifier() and (WANTED.fullmatch(wanted) if at else True):
                found.append(Use(name, wanted, word, str(alias or "")))
            else:
                problems.append(codes.WRONG_USE.at(word.place, text=str(word)))
    return found, problems


def gather(merged: Entries, library: Library) -> Gathered:
    """Everything that `uses` leads to."""
    gathered = Gathered()
    uses, problems = uses_of(merged)
    gathered.diagnostics += problems
    for use in uses:
        _add(gathered, library, use, use.word, [])
    return gathered


def _add(gathered: Gathered, library: Library, use: Use, through: Word, above: list[str]) -> set[str]:
    """A block and all that it stands on, unless they are there already; what they are called."""
    if use.alias:
        return _add_apart(gathered, library, use, through, above)
    if use.name in above:
        chain = " → ".join([*above[above.index(use.name) :], use.name])
        related = [Related(use.word.place, "圈在这里合上", "the circle closes here")]
        gathered.diagnostics.append(codes.USES_CYCLE.at(through.place, related=related, chain=chain))
        return set()
    package, versions = library.find(use.name, use.wanted)
    if package is None:
        gathered.diagnostics.append(_missing(use, library, versions))
        return set()
    version, first = gathered.versions.setdefault(use.name, (package.version, through))
    if version != package.version:
        related = [Related(first.place, "先在这里用到", "first used here")]
        related += [Related(use.word.place, "这里要求的版本", "the version wanted here")] if use.word is not through else []
        problem = codes.VERSIONS_DIFFER.at(through.place, related=related, name=use.name, wanted=use.wanted, found=version)
        gathered.diagnostics.append(problem)
        return set()
    if use.name not in gathered.packages:
        gathered.diagnostics += package.diagnostics
        inner, problems = uses_of(package.merged)
        gathered.diagnostics += problems
        below = set[str]().union(*(_add(gathered, library, each, through, [*above, use.name]) for each in inner))
        gathered.put(package, through, below)
    return {use.name, *gathered.below[use.name]}


def _add_apart(gathered: Gathered, library: Library, use: Use, through: Word, above: list[str]) -> set[str]:
    """A block and all that it stands on, as a world of their own: their names get the alias in front."""
    apart = Gathered(versions=gathered.versions)
    _add(apart, library, replace(use, alias=""), through, above)
    gathered.diagnostics += apart.diagnostics
    parts = prefixed([package.merged for package in apart.packages.values()], f"{use.alias}_")
    made = {
        name: replace(package, alias=f"{use.alias}_{package.alias}".rstrip("_"), merged=part)
        for (name, package), part in zip(apart.packages.items(), parts, strict=True)
    }
    for name, package in made.items():
        if package.called not in gathered.packages:
            gathered.put(package, through, {made[other].called for other in apart.below[name]})
    return {package.called for package in made.values()}


def _missing(use: Use, library: Library, versions: list[str]) -> Diagnostic:
    if versions:
        return codes.NO_VERSION.at(use.word.place, name=use.name, wanted=use.wanted, known=", ".join(versions))
    known = library.names()
    return codes.NO_PACKAGE.at(use.word.place, name=use.name, known=", ".join(known), nearest=nearest(use.name, known))


def unite(gathered: Gathered, own: Entries) -> tuple[Entries, list[Diagnostic]]:
    """All packages' sections and the app's own in one mapping; a name that two of them define is refused."""
    union = _Union(own)
    for package in gathered.packages.values():
        union.add(str(package), package.merged, gathered.through[package.called])
    union.add("", own, None)
    return union.merged, union.diagnostics


class _Union:
    def __init__(self, own: Entries) -> None:
        self.merged = Entries(own.place)
        self.own = own
        self.diagnostics: list[Diagnostic] = []
        self.owners: dict[tuple[str, ...], tuple[str, Word]] = {}

    def add(self, package: str, merged: Entries, through: Word | None) -> None:
        """One package's keys; the app itself comes last, with no name and no `through`."""
        for key, value in merged.items():
            if through is not None and key in ABOUT:
                continue
            if isinstance(value, Entries) and key not in ("title", "change", *SETTINGS):
                target = self._section(self.merged, key, value)
                self._names((str(key),), target, value, package, through)
            elif key == "cast" and isinstance(value, Items) and isinstance(there := self.merged.get(key), Items):
                self.merged[key] = Items(there.place, [*there, *value])
            elif key in self.merged and key in SETTINGS:
                self._setting(key, value, package, through)
            else:
                self.owners.setdefault((str(key),), (package, key))
                self.merged[key] = value

    def _section(self, parent: Entries, key: Word, value: Entries) -> Entries:
        found = parent.get(key)
        if not isinstance(found, Entries):
            found = parent[key] = Entries(value.place)
        return found

    def _names(self, path: tuple[str, ...], target: Entries, value: Entries, package: str, through: Word | None) -> None:
        for name, each in value.items():
            here = (*path, str(name))
            if here in EVERYBODYS and isinstance(each, Entries) and isinstance(target.get(name, each), Entries):
                self._names(here, self._section(target, name, each), each, package, through)
            elif name not in target:
                self.owners[here] = (package, name)
                target[name] = each
            elif (known := next(k for k in target if k == name)).place != name.place or target[name] != each:  # not one block used twice
                first, word = self.owners.get(here, (package, known))
                self._taken(path, name, word, first, package, through)

    def _taken(self, path: tuple[str, ...], name: Word, other: Word, first: str, second: str, through: Word | None) -> None:
        related = [Related(other.place, "已有的在这里", "the first one is here")]
        related += [Related(name.place, "另一个在这里", "the other one is here")] if through else []
        place = through.place if through else name.place
        block = (first or second).partition("@")[0].rpartition(" ")[2]
        params = {"section": ".".join(path), "name": str(name), "first": _spoken(first), "second": _spoken(second), "block": block}
        self.diagnostics.append(codes.NAME_TAKEN.at(place, related=related, **params))

    def _setting(self, key: Word, value: Written, package: str, through: Word | None) -> None:
        if through is None:
            self.merged[key] = value
        elif self.merged[key] != value and not any(k == key for k in self.own):
            first, word = self.owners[(str(key),)]
            related = [Related(word.place, "一处在这里", "one is here"), Related(key.place, "另一处在这里", "the other is here")]
            params = {"key": str(key), "first": _spoken(first), "second": _spoken(package)}
            self.diagnostics.append(codes.SETTING_DIFFERS.at(through.place, related=related, **params))


def _spoken(package: str) -> tuple[str, str]:
    return (package, package) if package else ("本应用", "this app")


def texts(packages: Iterable[Package]) -> Mapping[str, str]:
    """All packages' texts by the path they travel under."""
    return {path: text for package in packages for path, text in package.files.items()}
