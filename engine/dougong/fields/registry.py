"""Every field type by its key. A new type is one file and one line here."""

from collections.abc import Mapping

from dougong.fields.autonumber import AutonumberField
from dougong.fields.base import FieldType
from dougong.fields.boolean import BooleanField
from dougong.fields.choice import ChoiceField
from dougong.fields.date import DateField
from dougong.fields.datetime import DateTimeField
from dougong.fields.email import EmailField
from dougong.fields.file import FileField
from dougong.fields.integer import IntegerField
from dougong.fields.link import LinkField
from dougong.fields.long_text import LongTextField
from dougong.fields.money import MoneyField
from dougong.fields.number import NumberField
from dougong.fields.percent import PercentField
from dougong.fields.phone import PhoneField
from dougong.fields.tags import TagsField
from dougong.fields.team import TeamField
from dougong.fields.text import TextField
from dougong.fields.url import UrlField
from dougong.fields.user import UserField

FIELD_TYPES: Mapping[str, type[FieldType]] = {
    cls.key: cls
    for cls in (
        TextField,
        LongTextField,
        IntegerField,
        NumberField,
        MoneyField,
        PercentField,
        BooleanField,
        DateField,
        DateTimeField,
        ChoiceField,
        PhoneField,
        EmailField,
        UrlField,
        LinkField,
        UserField,
        TeamField,
        AutonumberField,
        FileField,
        TagsField,
    )
}
