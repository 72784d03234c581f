"""An Office document as a package of parts: change or add a few, keep every other byte as it was."""

import posixpath
import zipfile
from io import BytesIO

from lxml import etree

from perfscore.errors import ReadError
from perfscore.readers.archive import BROKEN, open_zip
from perfscore.readers.markup import Element, attribute, local, main_part, parse_xml
from perfscore.stamps import KINDS, NAME, parts_sum

__all__ = ["Package", "stamped"]

_TYPES = "[Content_Types].xml"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_PROPERTIES = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the one that properties of a user's own have


class Package:
    """The parts of a docx or xlsx by name: look at one, change one, add one; ``content`` is the whole again.

    Raises
    ------
    ReadError
        the data is no zip, unpacks to more than the readers allow, or a part of it is broken
    """

    def __init__(self, data: bytes) -> None:
        with open_zip(data) as archive:
            self._entries = {entry.filename: (entry, _unpacked(archive, entry)) for entry in archive.infolist()}
            self.main = main_part(archive, "officeDocument")
        self._trees: dict[str, Element] = {}
        self._changed: set[str] = set()
        self._new: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._entries or name in self._new

    def xml(self, name: str) -> Element:
        """Return the root of a part, to look at."""
        if name not in self._trees:
            self._trees[name] = parse_xml(self.raw(name))
        return self._trees[name]

    def change(self, name: str) -> Element:
        """Return the root of a part, to change."""
        self._changed.add(name)
        return self.xml(name)

    def raw(self, name: str) -> bytes:
        """Return the bytes of a part."""
        return self._new[name] if name in self._new else self._entries[name][1]

    def put(self, name: str, data: bytes) -> None:
        """Set the bytes of a part."""
        self._new[name] = data

    def target(self, part: str, relation_id: str) -> str:
        """Return the name of the part that a relation of ``part`` leads to."""
        found = next(link for link in self.xml(_relations_of(part)) if link.get("Id") == relation_id)
        return _resolve(part, found.get("Target"))

    def related(self, part: str, kind: str) -> str | None:
        """Return the name of the first part related to ``part`` by a kind, for example ``comments``."""
        if _relations_of(part) not in self:
            return None
        for link in self.xml(_relations_of(part)):
            if str(link.get("Type")).endswith("/" + kind):
                return _resolve(part, link.get("Target"))
        return None

    def add(self, part: str, kind: str, name: str, content_type: str, data: bytes) -> str:
        """Add a part and relate ``part`` to it; return the id of the relation."""
        self.put(name, data)
        types = self.change(_TYPES)
        etree.SubElement(types, _like(types, "Override"), PartName="/" + name, ContentType=content_type)
        return self.relate(part, kind, name)

    def relate(self, part: str, kind: str, name: str) -> str:
        """Relate ``part`` to another part; return the id of the relation."""
        relations = _relations_of(part)
        if relations not in self:
            self.put(relations, f'<Relationships xmlns="{_NAMESPACE}"/>'.encode())
        root = self.change(relations)
        used = {link.get("Id") for link in root}
        new = next(f"perfscore{number}" for number in range(len(used) + 1) if f"perfscore{number}" not in used)
        target = posixpath.relpath(name, posixpath.dirname(part))
        etree.SubElement(root, _like(root, "Relationship"), Id=new, Type=f"{self.base()}/{kind}", Target=target)
        return new

    def add_type(self, extension: str, content_type: str) -> None:
        """Say what the parts with a file name extension hold, unless the package says so already."""
        types = self.xml(_TYPES)
        if not any(local(entry) == "Default" and entry.get("Extension") == extension for entry in types):
            types = self.change(_TYPES)
            types.insert(0, etree.Element(_like(types, "Default"), Extension=extension, ContentType=content_type))

    def base(self) -> str:
        """Return the namespace of relations of this edition of the format, transitional or strict."""
        kinds = (str(link.get("Type")) for link in self.xml("_rels/.rels"))
        return next(kind.rpartition("/")[0] for kind in kinds if kind.endswith("/officeDocument"))

    def free_name(self, pattern: str) -> str:
        """Return the first unused part name of a pattern such as ``xl/comments{}.xml``."""
        return next(name for number in range(1, len(self._entries) + 2) if (name := pattern.format(number)) not in self)

    def stamp(self, source: str) -> None:
        """Say in a property what the document was made of, and the sum of its parts; nothing may be changed after.

        A document that was made of another, and is annotated anew, still names that one.
        """
        kind = KINDS["/purl.oclc.org/" in self.base()]
        office = self.base().removesuffix("/relationships")
        name = self.related("", kind)
        if name is None:
            name = "docProps/custom.xml"
            self.add("", kind, name, _PROPERTIES, f'<Properties xmlns="{office}/{kind}"/>'.encode())
        properties = self.change(name)
        former = next((entry for entry in properties if entry.get("name") == NAME), None)
        if former is not None:
            source = "".join(map(str, former.itertext())).partition(" ")[2]
            properties.remove(former)
        number = max((int(attribute(entry, "pid", "1")) for entry in properties), default=1) + 1
        entry = etree.SubElement(properties, _like(properties, "property"), fmtid=_FORMAT, pid=str(number), name=NAME)
        names = dict.fromkeys((*self._entries, *self._new))
        total = parts_sum((one, self._bytes(one)) for one in names if one != name)
        types = f"{office}/docPropsVTypes"
        etree.SubElement(entry, f"{{{types}}}lpwstr", nsmap={"vt": types}).text = f"{total} {source}"

    def content(self) -> bytes:
        """Return the document; parts that were not touched keep their bytes and their times."""
        written = BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, (entry, _) in self._entries.items():
                archive.writestr(entry, self._bytes(name), zipfile.ZIP_DEFLATED)
            for name in self._new:
                if name not in self._entries:
                    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                    archive.writestr(entry, self._bytes(name), zipfile.ZIP_DEFLATED)
        return written.getvalue()

    def _bytes(self, name: str) -> bytes:
        """A part as it is written."""
        if name in self._changed:
            return bytes(etree.tostring(self._trees[name], xml_declaration=True, encoding="UTF-8", standalone=True))
        return self.raw(name)


def stamped(data: bytes, source: str = "") -> bytes:
    """Return a document with the stamp of perfscore: what it was made of, and what it is like now.

    Raises
    ------
    ReadError
        as ``Package`` does
    """
    package = Package(data)
    package.stamp(source)
    return package.content()


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    except BROKEN as error:
        advice = "请用 Office 或 WPS 打开核对，另存后重新评分，再加批注"
        raise ReadError(f"文件中的 {entry.filename} 损坏（{error}）", advice) from error


def _like(root: Element, name: str) -> str:
    return f"{{{etree.QName(root).namespace}}}{name}"


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def _resolve(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
