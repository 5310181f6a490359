"""Pictures as photo programs write them: with XMP and IPTC beside the pixels."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image, PngImagePlugin

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 6.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"{rating}>
   <xmp:CreatorTool>Adobe Photoshop Lightroom Classic 13.1</xmp:CreatorTool>{inside}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
{padding}<?xpacket end="w"?>"""


def xmp(
    tags: Sequence[str] = (), title: str = "", caption: str = "", rating: object = None
) -> bytes:
    """A packet as Lightroom writes it."""
    inside = ""
    if tags:
        items = "".join(f"<rdf:li>{escape(tag)}</rdf:li>" for tag in tags)
        inside += f"\n   <dc:subject><rdf:Bag>\n{items}\n</rdf:Bag></dc:subject>"
    for name, said in (("title", title), ("description", caption)):
        if said:
            item = f'<rdf:li xml:lang="x-default">{escape(said)}</rdf:li>'
            inside += f"\n   <dc:{name}><rdf:Alt>{item}</rdf:Alt></dc:{name}>"
    rated = "" if rating is None else f' xmp:Rating="{rating}"'
    return _PACKET.format(inside=inside, rating=rated, padding=" " * 2000).encode()


def data_set(number: int, value: bytes, record: int = 2) -> bytes:
    """One value of an IPTC-IIM block."""
    return bytes([0x1C, record, number]) + len(value).to_bytes(2, "big") + value


def picture(
    format_: str = "JPEG", packet: bytes = b"", iptc: bytes = b"", colour: str = "red"
) -> bytes:
    """A picture file; only JPEG and TIFF can hold `iptc`."""
    more: dict[str, Any] = {}
    if format_ == "PNG" and packet:
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", packet.decode())
    elif format_ == "TIFF":
        more["tiffinfo"] = {tag: block for tag, block in ((700, packet), (33723, iptc)) if block}
    elif packet:
        more["xmp"] = packet
    stream = BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, format_, **more)
    content = stream.getvalue()
    return _with_iptc(content, iptc) if iptc and format_ == "JPEG" else content


def _with_iptc(jpeg: bytes, iptc: bytes) -> bytes:
    resource = b"8BIM\x04\x04\0\0" + len(iptc).to_bytes(4, "big") + iptc + b"\0" * (len(iptc) % 2)
    segment = b"Photoshop 3.0\0" + resource
    return jpeg[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + jpeg[2:]
