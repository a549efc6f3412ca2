/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_FUZZ_UNWRAP_KEY_H
#define TW_FUZZ_UNWRAP_KEY_H

/*
 * An RSA key and its certificate, made for fuzz_unwrap and of no use elsewhere: short,
 * so that decrypting is quick. With `openssl cms -encrypt -binary -outform DER` and this
 * certificate the enveloped seeds of corpus/unwrap were made.
 */
static const char unwrap_key[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAMDc1rxOfk0E8Q6X\n"
	"N7Ph/qcA+3qYF221OhsqjvAwsrKhlXyHOYg+GyqnuZASgLWE0ENmetdMvAKTo1gs\n"
	"6zo6HEYdh4ZDIDYUWBIi1YsUIPcBZgpIwsAVUWvU31TU1dtu5/OV/ljwEVkl8xeE\n"
	"evNeCa86b9zqK36QQ0uNfoLUGzv7AgMBAAECgYBYIlNrOD+VeMWkEkydQpB5xwQl\n"
	"EO3b765/DaLGdqqi4R6MCsuqzB7kDkPJZ/szeF8n/ePzEZj1YHyL5fMU58tVHxj+\n"
	"9Osja1/vLzrcYwJtv5gXpzreg9idEAQdEvRMd/gFIRv17Cn/1dFUqU82Q6AIi3kY\n"
	"GWDk+QYZoUOmxS+EkQJBAPc/uma7pC4gLT4bALQ68Kut2PwF81PB7+ofpjHvPXvI\n"
	"8F4Ltr2w2MrY+XKFfa3an2KAWPTUXuOpU36vomKfGOkCQQDHsFPkcbJRI/s6Rnsb\n"
	"9jDaCrP33H0rWzbyivvbbui5YEqx1u3/iPD77b3MctxMVWxaSytY3yj1OTXJk5jU\n"
	"p59DAkAUzmUWPhYb15NXFZiikg8ss01+L9YBJ2HUFuO6cgJ/hzJLB7tSDS7BKy8a\n"
	"pwcjeTFObbSOrcxqZhZjo84LdI35AkEAxkvbgydEpD7O4/fJmOLJcDzgqmpSAhP6\n"
	"ZLCPmkBw6mUsx51fijo61HIp4DTPfx31E1VCHma9DYdaWmovgj1ScQJAIruZpTkE\n"
	"Tcu+MqiVKk+1tNRpv77k5SpXAYmGRpQFwd+R5L5XlnoDS/rE95wuUWUQQlAfy4N9\n"
	"fX4auWa68tFUXA==\n"
	"-----END PRIVATE KEY-----\n";
static const char unwrap_certificate[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIB4zCCAUygAwIBAgIBATANBgkqhkiG9w0BAQsFADAMMQowCAYDVQQDDAF0MCAX\n"
	"DTI2MTEyNDE3MDQ1NloYDzIxMjYxMDMxMTcwNDU2WjAMMQowCAYDVQQDDAF0MIGf\n"
	"MA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDA3Na8Tn5NBPEOlzez4f6nAPt6mBdt\n"
	"tTobKo7wMLKyoZV8hzmIPhsqp7mQEoC1hNBDZnrXTLwCk6NYLOs6OhxGHYeGQyA2\n"
	"FFgSItWLFCD3AWYKSMLAFVFr1N9U1NXbbufzlf5Y8BFZJfMXhHrzXgmvOm/c6it+\n"
	"kENLjX6C1Bs7+wIDAQABo1MwUTAdBgNVHQ4EFgQUwOtWurAL76u3f89s1LQ2CJy9\n"
	"SFQwHwYDVR0jBBgwFoAUwOtWurAL76u3f89s1LQ2CJy9SFQwDwYDVR0TAQH/BAUw\n"
	"AwEB/zANBgkqhkiG9w0BAQsFAAOBgQAA5X+dEkH/1u2umsJmdIsMdGu5D7y/Wc4H\n"
	"qqFrFsI9sr7PLe83Jx6PAAlRMPPi3MxwvuzZpa3kq/TaIFa6knTg5+py4cVopzHY\n"
	"Wtasjv8YIcSzlt+crvYYTwQFpgGkDFrHXWa8fO5OsQaETJPL9mgnW0aVAKlvZqp+\n"
	"Pf9wsLhMfg==\n"
	"-----END CERTIFICATE-----\n";

#endif
