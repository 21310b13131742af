"""Which money fields are prices of one piece."""

from dougong.derive.prices import unit_prices
from dougong.pipeline import read_app

APP = """
app: shop
objects:
  product:
    fields:
      name: text required
      list_price: money
      stock_value: money
  line:
    record_title: name
    fields:
      name: text required
      product: link product
      count: integer
      weight: number
      price: money
      freight: money
      chance: percent
      amount: money = round(count * price * chance, 2)
      listed: money = product.list_price * count + freight
      expected: money = amount * chance
      part: money = freight / 2
"""


def test_what_a_formula_multiplies_by_a_count_is_a_price() -> None:
    built = read_app({"app.yaml": APP})
    assert built.app is not None, [d.message("en") for d in built.diagnostics]
    assert unit_prices(built.app) == {("line", "price"), ("product", "list_price")}
