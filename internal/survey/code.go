package survey

import (
	"strings"

	"gongjian/internal/fault"
)

// creditLetters are the characters of a credit code in the order of their values;
// I, O, S, V and Z are left out because they look like digits or one another.
const creditLetters = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CheckCreditCode checks a unified social credit code (统一社会信用代码) and returns
// it in capitals.
//
// Rule SV-03 (GB 32100-2015; GB 11714-1997 for the nine characters within): 18
// characters, the last of which follows from the others with weights 3^(i−1) mod 31;
// characters 9 to 17 are an organisation code with a check character of its own.
func CheckCreditCode(typed string) (string, error) {
	code := strings.ToUpper(narrow(typed))
	if len(code) != 18 || strings.Trim(code, creditLetters) != "" {
		return "", fault.New(fault.Invalid, "survey.credit-code-form", "Code", code)
	}
	if code[17] != creditCheck(code[:17]) {
		return "", fault.New(fault.Invalid, "survey.credit-code-check", "Code", code)
	}
	if code[16] != organisationCheck(code[8:16]) {
		return "", fault.New(fault.Invalid, "survey.credit-code-check", "Code", code)
	}
	return code, nil
}

// creditCheck is the eighteenth character for the first seventeen.
func creditCheck(code string) byte {
	sum, weight := 0, 1
	for i := range len(code) {
		sum += strings.IndexByte(creditLetters, code[i]) * weight
		weight = weight * 3 % 31
	}
	return creditLetters[(31-sum%31)%31]
}

// organisationCheck is the ninth character of an organisation code (组织机构代码) for
// the first eight. Letters count from 10 on; ten is written X and eleven 0.
func organisationCheck(code string) byte {
	weights := [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		c := code[i]
		v := int(c - '0')
		if c >= 'A' {
			v = int(c-'A') + 10
		}
		sum += v * w
	}
	switch r := 11 - sum%11; r {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + r)
	}
}

// CheckOldCode checks a number from before the credit code: a registration number
// (注册号) of 15 digits, one of 13 digits from before 2007, or an organisation code
// (组织机构代码) of 9 characters with or without its hyphen.
//
// Rule SV-04 (工商行政管理市场主体注册号编制规则, GB/T 17710 MOD 11,10; GB 11714-1997):
// the last character of 15 and of 9 follows from the others. The 13-digit numbers
// have no check and are taken as they are.
func CheckOldCode(typed string) (string, error) {
	code := strings.ToUpper(strings.ReplaceAll(narrow(typed), "-", ""))
	wrong := fault.New(fault.Invalid, "survey.old-code", "Code", strings.TrimSpace(typed))
	digits := strings.Trim(code, "0123456789") == ""
	switch {
	case len(code) == 15 && digits && code[14] == registrationCheck(code[:14]), len(code) == 13 && digits:
		return code, nil
	case len(code) == 9 && strings.Trim(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && code[8] == organisationCheck(code[:8]):
		return code, nil
	}
	return "", wrong
}

// registrationCheck is the fifteenth digit for the first fourteen (MOD 11,10).
func registrationCheck(code string) byte {
	p := 10
	for i := range len(code) {
		s := (p + int(code[i]-'0')) % 10
		if s == 0 {
			s = 10
		}
		p = s * 2 % 11
	}
	return byte('0' + (11-p)%10)
}
