package api

// consentVersion names the consent text. Whoever changes the text changes the version too: every intent keeps the one that
// was agreed to.
const consentVersion = "2026-11"

// consent is what a submitter agrees to: who processes which data for what and how long, and what rights remain (PIPL art.
// 14, 17, 44 to 47).
func consent() name {
	return name{
		ZH: "为办理用地意向，自然资源主管部门将处理您填写的单位名称、联系人、电话、邮箱和项目说明，仅用于受理、匹配地块、联系踏勘和答复，不向他人提供，不用于其他目的。" +
			"上述信息加密保存，自最后一次办理起满 24 个月删除。您可凭编号和查询码随时查看、获取副本、撤回意向或删除上述信息；删除后仅保留不含个人信息的用地需求。" +
			"不同意的，可到现场咨询，不影响您查看地块。意向不构成要约。",
		BO: "ས་ཆ་བེད་སྤྱོད་བློ་འདོད་སྒྲུབ་པའི་ཆེད། རང་བྱུང་ཐོན་ཁུངས་ལས་ཁུངས་ཀྱིས་ཁྱེད་ཀྱིས་བྲིས་པའི་ལས་ཁུངས་ཀྱི་མིང་དང་། འབྲེལ་གཏུགས་མི་སྣ། ཁ་པར། གློག་ཡིག ལས་གཞིའི་གསལ་བཤད་བཅས་སྤྱོད་རྒྱུ་རེད། " +
			"དེ་དག་ནི་བསྡུ་ལེན་དང་ས་དུམ་སྒྲིག་པ། ས་བབ་ལྟ་བ། ལན་འདེབས་བཅས་ལ་མ་གཏོགས་མི་སྤྱོད། གཞན་ལ་མི་སྤྲོད། གསང་བའི་ཐོག་ཉར་ནས་མཐའ་མའི་སྒྲུབ་གཞི་ནས་ཟླ་ ༢༤ འཁོར་རྗེས་སུབ་རྒྱུ། " +
			"ཁྱེད་ཀྱིས་ཨང་གྲངས་དང་འཚོལ་ཨང་ལ་བརྟེན་ནས་དུས་ཀུན་ཏུ་ལྟ་བ་དང་། བུ་ཡིག་ལེན་པ། ཕྱིར་འཐེན། སུབ་པ་བཅས་བྱེད་ཆོག བློ་འདོད་ནི་གན་རྒྱའི་རེ་འདུན་མ་ཡིན།",
		EN: "To handle your land-use intent, the bureau of natural resources processes the company, contact name, telephone number, mail address and " +
			"description of the project that you enter, only to accept it, match parcels, arrange visits and answer. They are given to nobody else and used for nothing else. " +
			"They are kept encrypted and deleted 24 months after the last step. With the number and the secret you can at any time see them, take a copy, withdraw the intent or delete them; " +
			"what stays then tells of no person. Without consent you can ask on site; the map stays open to you. An intent is not an offer.",
	}
}

// noOffer is told with every intent.
func noOffer() name {
	return name{ZH: "意向不构成要约，以出让公告为准。", BO: "བློ་འདོད་ནི་གན་རྒྱའི་རེ་འདུན་མ་ཡིན། བཙོང་བའི་བརྡ་ཁྱབ་ལྟར་བརྩི་རྒྱུ།",
		EN: "An intent is not an offer; only the notice of sale is binding."}
}
