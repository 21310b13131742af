"""Filling forms: live while the script runs, plain without it, nothing typed is ever lost."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.site import choose


def test_create_with_live_formulas(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    page.goto(f"{site}/o/deal/new")
    page.get_by_label("项目名称").fill("浏览器新建的项目")
    choose(page, "客户", "苏州恒川")
    page.get_by_label("产品线").select_option("shafts")
    quantity = page.get_by_label("年需求量")
    quantity.fill("=12*350")
    quantity.blur()
    expect(quantity).to_have_value("4200")
    page.get_by_label("目标单价").fill("1,012.5")
    expect(page.locator("#f-amount")).to_have_text("¥4,252,500.00")
    expect(page.locator("#f-weighted")).to_have_text("¥850,500.00")
    page.get_by_role("button", name="创建").click()
    expect(page.locator("#toasts")).to_contain_text("已创建")
    expect(page.locator("#fact-amount")).to_contain_text("¥4,252,500.00")
    expect(page.locator("#fact-owner")).to_contain_text("李伟")


def test_fields_come_and_go_with_their_conditions(as_user: Open, site: str) -> None:
    page = as_user("sun.yue")
    page.goto(f"{site}/o/customer/new")
    level = page.locator("[data-field=ppap_level]")
    expect(level).to_be_hidden()
    page.get_by_label("客户层级").select_option("oem")
    expect(level).to_be_visible()
    expect(level.locator(".star")).to_be_visible()
    page.get_by_label("客户层级").select_option("tier1")
    expect(level).to_be_visible()
    expect(level.locator(".star")).to_be_hidden()
    page.get_by_label("客户层级").select_option("tier2")
    expect(level).to_be_hidden()


def test_a_second_press_does_not_make_a_second_record(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    page.goto(f"{site}/o/lead/new")
    page.get_by_label("公司名称").fill("只建一次的公司")
    page.get_by_label("区域").select_option("east")
    page.evaluate("() => { const form = document.querySelector('main form.form'); form.requestSubmit(); form.requestSubmit(); }")
    page.wait_for_url("**/o/lead/*?note=created")
    page.goto(f"{site}/o/lead?view=all&q=只建一次的公司")
    expect(page.locator(".row-link")).to_have_count(1)


def test_a_refused_form_keeps_everything(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    page.goto(f"{site}/o/contact/new")
    page.get_by_label("姓名").fill("周工")
    choose(page, "客户", "苏州恒川")
    page.get_by_label("手机").fill("12345")
    page.get_by_label("沟通偏好").fill("早上打电话\n不要发微信")
    page.get_by_role("button", name="创建").click()
    summary = page.locator("#wrong")
    expect(summary).to_contain_text("手机")
    expect(summary).to_be_focused()
    expect(page.get_by_label("姓名")).to_have_value("周工")
    expect(page.get_by_role("combobox", name="客户")).to_have_value("苏州恒川精密机电有限公司")
    expect(page.get_by_label("手机")).to_have_value("12345")
    expect(page.get_by_label("沟通偏好")).to_have_value("早上打电话\n不要发微信")
    page.get_by_label("手机").fill("13800001234")
    page.get_by_role("button", name="创建").click()
    expect(page.locator("#toasts")).to_contain_text("已创建")


def test_without_script_create_edit_and_move(as_user: Open, site: str) -> None:
    page = as_user("li.wei", script=False)
    page.goto(f"{site}/o/lead?view=all")
    page.goto(f"{site}/o/deal/new")
    page.fill("#f-name", "没有脚本的项目")
    page.fill("[name='customer~find']", "无锡锐翔")
    page.locator("[data-field=customer]").get_by_role("button", name="查找").click()
    assert page.input_value("#f-name") == "没有脚本的项目"
    page.select_option("#f-customer", label="无锡锐翔液压科技有限公司")
    page.fill("#f-unit_price", "99")
    page.fill("#f-annual_quantity", "1200")
    page.fill("#f-requirement", "耐压 35 MPa")
    page.get_by_role("button", name="创建").click()
    assert "请填写产品线" in page.inner_text("#wrong")
    page.select_option("#f-line", "valves")
    page.press("#f-name", "Enter")  # saves, though the first button a person sees is the look-up of a link
    page.wait_for_url("**/o/deal/*?note=created")
    page.get_by_role("link", name="编辑", exact=True).click()
    page.fill("#f-part_no", "VB-7")
    page.get_by_role("button", name="保存").click()
    assert "VB-7" in page.inner_text("#fact-part_no")
    page.locator("[data-move-to=lost]").first.click()
    page.locator("label", has_text="交期").click()
    page.locator(".move-form .btn-primary").click()
    assert "输单" in page.inner_text(".path [aria-current=step]")


def test_two_people_one_record(as_user: Open, site: str) -> None:
    mine, theirs = as_user("li.wei"), as_user("sun.yue")
    mine.goto(f"{site}/o/deal?view=all")
    mine.locator(".row-link").first.click()
    address = mine.url
    for page in (mine, theirs):
        page.goto(f"{address}/edit")
    theirs.get_by_label("零件号").fill("THEIRS-1")
    theirs.get_by_label("主要竞争对手").fill("经理填的对手")
    theirs.get_by_role("button", name="保存").click()
    expect(theirs.locator("#toasts")).to_contain_text("已保存")
    mine.get_by_label("零件号").fill("MINE-1")
    mine.get_by_role("button", name="保存").click()
    expect(mine.get_by_role("alert")).to_contain_text("别人改过这条记录")
    expect(mine.locator("[data-field=part_no]")).to_contain_text("THEIRS-1")
    expect(mine.get_by_label("零件号")).to_have_value("MINE-1")
    expect(mine.get_by_label("主要竞争对手")).to_have_value("经理填的对手")
    mine.get_by_role("button", name="保存").click()
    expect(mine.locator("#fact-part_no")).to_contain_text("MINE-1")
    expect(mine.locator("#fact-competitor")).to_contain_text("经理填的对手")


def test_a_fact_is_edited_in_place(as_user: Open, site: str) -> None:
    page = as_user("sun.yue")
    page.goto(f"{site}/o/customer?view=customers")
    page.locator(".row-link").first.click()
    fact = page.locator("#fact-annual_value")
    fact.hover()
    fact.get_by_role("link").click()
    fact.get_by_role("textbox").fill("一百万")
    fact.get_by_role("button", name="保存").click()
    expect(fact.locator(".error")).to_be_visible()
    fact.get_by_role("textbox").fill("=2*750000")
    fact.get_by_role("button", name="保存").click()
    expect(page.locator("#fact-annual_value")).to_contain_text("¥1,500,000.00")


def test_a_file_goes_up_with_the_form(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    page.goto(f"{site}/o/deal/new")
    page.get_by_label("项目名称").fill("带图纸的项目")
    choose(page, "客户", "苏州恒川")
    page.get_by_label("产品线").select_option("shafts")
    page.set_input_files("#f-drawings", {"name": "轴.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 test"})
    expect(page.locator(".files")).to_contain_text("轴.pdf")
    expect(page.locator(".files input[type=checkbox]")).to_be_checked()
    page.get_by_role("button", name="创建").click()
    expect(page.locator("#fact-drawings")).to_contain_text("轴.pdf")
