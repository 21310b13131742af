"""An app that stands on the building blocks, as an implementer writes one."""

OUR_CRM = """\
app: our_crm
title: {zh: 我们的客户管理, en: Our CRM}
uses: [leads, customers@^1]
change:
  objects.customer.fields.tier.options.+: {distributor: {zh: 经销商, en: Distributor}}
  objects.customer.fields.fax: removed
  objects.customer.fields.+: {line: text "产品线" "Line"}
  forms.customer.sections: [{fields: [name, tier, line, phone, website, note]}]
  pipelines.lead_flow.stages.contacted.title: {zh: 已打电话, en: Called}
  pipelines.lead_flow.moves.+: [qualified -> contacted "退回" "Back"]
  pipelines.lead_flow.moves.-: [dropped  ->  fresh "重新跟进" "Take up again"]
  views.lead_board.columns.-: next_on
roles:
  boss: {title: {zh: 老板, en: Boss}, extends: lead_admin, admin: true}
"""
