#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden cases of the XML maps beside itself: NAME.xml and NAME.expect. All of it is made up.

usage: make_cases.py

Each map has a document that must alert and one that must not: the goods are named in the element where the
message has its description, escaped, split and encoded in the ways XML allows.
"""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
MACHINE, PRECURSOR = 2100001, 2200001
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(name, documents, expectations, encoding="utf-8", complete=True):
    with open(os.path.join(HERE, name + ".xml"), "wb") as file:
        file.write("\n".join(documents).encode(encoding) + b"\n")
    with open(os.path.join(HERE, name + ".expect"), "w", encoding="utf-8") as file:
        file.write("# Written by make_cases.py\n" + ("complete|yes\n" if complete else ""))
        file.write("\n".join(expectations) + "\n")


def header(number, code):
    return ("<MessageHeaderDocument><ID>%s_1</ID><TypeCode>%s</TypeCode>"
            "<IssueDateTime>2026-11-20T10:00:00Z</IssueDateTime><PurposeCode>Creation</PurposeCode>"
            "<VersionID>3.00</VersionID><SenderParty><PrimaryID>AGENT</PrimaryID></SenderParty>"
            "<RecipientParty><PrimaryID>CARRIER</PrimaryID></RecipientParty></MessageHeaderDocument>") % (number, code)


def party(kind, name, city, country):
    return ("<%s><Name>%s</Name><PostalStructuredAddress><StreetName>12 INDUSTRY ROAD</StreetName>"
            "<CityName>%s</CityName><CountryID>%s</CountryID></PostalStructuredAddress></%s>"
            % (kind, name, city, country, kind))


SHIPPER = party("ConsignorParty", "SHENZHEN FENGDA MACHINERY CO LTD", "SHENZHEN", "CN")
CONSIGNEE = party("ConsigneeParty", "HIGH PEAK TRADING INC", "SEATTLE", "US")
PLACES = "<OriginLocation><ID>HKG</ID></OriginLocation><FinalDestinationLocation><ID>SEA</ID></FinalDestinationLocation>"


def xfwb(number, text, hs="847989", kg=640):
    return (HEAD + '<r:Waybill xmlns:r="iata:waybill:1" xmlns="iata:datamodel:3">%s<r:BusinessHeaderDocument><ID>%s</ID>'
            '</r:BusinessHeaderDocument><r:MasterConsignment><IncludedTareGrossWeightMeasure unitCode="KGM">%s'
            '</IncludedTareGrossWeightMeasure><TotalPieceQuantity>2</TotalPieceQuantity>%s%s%s<ApplicableRating>'
            '<IncludedMasterConsignmentItem><TypeCode>%s</TypeCode><GrossWeightMeasure unitCode="KGM">%s</GrossWeightMeasure>'
            '<PieceQuantity>2</PieceQuantity><NatureIdentificationTransportCargo><Identification>%s</Identification>'
            '</NatureIdentificationTransportCargo></IncludedMasterConsignmentItem></ApplicableRating></r:MasterConsignment>'
            '</r:Waybill>') % (header(number, 740), number, kg, SHIPPER, CONSIGNEE, PLACES, hs, kg, text)


def xfzb(number, summary, text, hs="847989"):
    return (HEAD + '<r:HouseWaybill xmlns:r="iata:housewaybill:1" xmlns="iata:datamodel:3">%s<r:BusinessHeaderDocument>'
            '<ID>%s</ID></r:BusinessHeaderDocument><r:MasterConsignment><IncludedTareGrossWeightMeasure unitCode="KGM">9000'
            '</IncludedTareGrossWeightMeasure><TransportContractDocument><ID>020-12345675</ID></TransportContractDocument>'
            '<IncludedHouseConsignment><IncludedTareGrossWeightMeasure unitCode="KGM">640</IncludedTareGrossWeightMeasure>'
            '<TotalPieceQuantity>2</TotalPieceQuantity><SummaryDescription>%s</SummaryDescription>%s%s%s'
            '<IncludedHouseConsignmentItem><TypeCode>%s</TypeCode><GrossWeightMeasure unitCode="KGM">640</GrossWeightMeasure>'
            '<NatureIdentificationTransportCargo><Identification>%s</Identification></NatureIdentificationTransportCargo>'
            '</IncludedHouseConsignmentItem></IncludedHouseConsignment></r:MasterConsignment></r:HouseWaybill>'
            ) % (header(number, 703), number, summary, SHIPPER, CONSIGNEE, PLACES, hs, text)


def house(number, text):
    return ('<IncludedHouseConsignment><SequenceNumeric>1</SequenceNumeric><GrossWeightMeasure unitCode="KGM">640'
            '</GrossWeightMeasure><TotalPieceQuantity>2</TotalPieceQuantity><SummaryDescription><![CDATA[%s]]>'
            '</SummaryDescription><TransportContractDocument><ID>%s</ID></TransportContractDocument>%s'
            '</IncludedHouseConsignment>') % (text, number, PLACES)


def xfhl(houses):
    return (HEAD + '<r:HouseManifest xmlns:r="iata:housemanifest:1" xmlns="iata:datamodel:3">%s<r:BusinessHeaderDocument>'
            '<ID>M1</ID></r:BusinessHeaderDocument><r:MasterConsignment><TransportContractDocument><ID>020-12345675</ID>'
            '</TransportContractDocument>%s</r:MasterConsignment></r:HouseManifest>') % (header("M1", 785), "".join(houses))


UNIT = ("<UtilizedUnitLoadTransportEquipment><ID>12345</ID><CharacteristicCode>PMC</CharacteristicCode>"
        "</UtilizedUnitLoadTransportEquipment>")


def flight(root, space, waybills, booked=""):
    """A flight manifest; with `booked`, a booked list, whose unit stands in its consignment."""
    cargo = "".join(
        '<IncludedMasterConsignment><GrossWeightMeasure unitCode="KGM">640</GrossWeightMeasure><TotalPieceQuantity>2'
        '</TotalPieceQuantity><SummaryDescription>%s</SummaryDescription><TransportSplitDescription>T'
        '</TransportSplitDescription><TransportContractDocument><ID>%s</ID></TransportContractDocument>%s%s'
        '</IncludedMasterConsignment>' % (text, number, PLACES, booked) for number, text in waybills)
    return (HEAD + '<r:%s xmlns:r="%s" xmlns="iata:datamodel:3">%s<r:LogisticsTransportMovement><ID>LH797</ID>'
            '<DepartureEvent><OccurrenceDepartureLocation><ID>HKG</ID></OccurrenceDepartureLocation></DepartureEvent>'
            '</r:LogisticsTransportMovement><r:ArrivalEvent><OccurrenceArrivalLocation><ID>FRA</ID>'
            '</OccurrenceArrivalLocation><ArrivalOccurrenceDateTime>2026-11-20T18:00:00Z</ArrivalOccurrenceDateTime>'
            '<AssociatedTransportCargo><TypeCode>ULD</TypeCode>'
            '%s%s</AssociatedTransportCargo></r:ArrivalEvent></r:%s>'
            ) % (root, space, header("F1", 122), "" if booked else UNIT, cargo, root)


def xsdg(number, name):
    return (HEAD + '<ShippersDeclarationForDangerousGoods xmlns="iata:shippersdeclarationfordangerousgoods:1">%s'
            '<MasterConsignment><IncludedHouseConsignment>%s%s%s<AssociatedReferenceDocument><ID>%s</ID><TypeCode>741'
            '</TypeCode></AssociatedReferenceDocument><RelatedCommercialTradeTransaction><IncludedCommercialTradeLineItem>'
            '<SpecifiedProductTradeDelivery><SpecifiedProductRegulatedGoods><ApplicableProductDangerousGoods>'
            '<UNDGIdentificationCode>UN2811</UNDGIdentificationCode><PackagingDangerLevelCode>II</PackagingDangerLevelCode>'
            '<HazardClassificationID>6.1</HazardClassificationID><ProperShippingName>%s</ProperShippingName>'
            '</ApplicableProductDangerousGoods></SpecifiedProductRegulatedGoods></SpecifiedProductTradeDelivery>'
            '</IncludedCommercialTradeLineItem></RelatedCommercialTradeTransaction></IncludedHouseConsignment>'
            '</MasterConsignment></ShippersDeclarationForDangerousGoods>'
            ) % (header(number, 890), SHIPPER, CONSIGNEE, PLACES, number, name)


def wco(number, text, hs="84798997"):
    return (HEAD + '<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><md:WCODataModelVersionCode>3.6'
            '</md:WCODataModelVersionCode><md:WCOTypeName>DEC</md:WCOTypeName><Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">'
            '<FunctionCode>9</FunctionCode><FunctionalReferenceID>%s</FunctionalReferenceID><BorderTransportMeans>'
            '<ModeCode>1</ModeCode></BorderTransportMeans><Declarant><ID>GB201909014000</ID></Declarant><Exporter><Name>'
            'FENGDA MACHINERY</Name><Address><CityName>SHENZHEN</CityName><CountryCode>CN</CountryCode><Line>12 INDUSTRY ROAD'
            '</Line></Address></Exporter><GoodsShipment><Consignment><ArrivalTransportMeans><ID>TRUCK7</ID>'
            '</ArrivalTransportMeans><TransportEquipment><ID>MSKU1234565</ID></TransportEquipment></Consignment><Destination><CountryCode>GB</CountryCode></Destination>'
            '<GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric><StatisticalValueAmount currencyID="GBP">9000'
            '</StatisticalValueAmount><AdditionalDocument><ID>INV7</ID><TypeCode>935</TypeCode></AdditionalDocument><Commodity><Description>%s</Description><Classification><ID>%s</ID>'
            '<IdentificationTypeCode>TSP</IdentificationTypeCode></Classification><GoodsMeasure><GrossMassMeasure unitCode="KGM">'
            '640</GrossMassMeasure></GoodsMeasure></Commodity></GovernmentAgencyGoodsItem></GoodsShipment></Declaration>'
            '</md:MetaData>') % (number, text, hs)


def ics(root, number, text):
    return (HEAD + '<ie:%s xmlns:ie="http://ics.dgtaxud.ec/%s"><MesSenMES3>S</MesSenMES3><MesRecMES6>R</MesRecMES6>'
            '<DatOfPreMES9>261120</DatOfPreMES9><TimOfPreMES10>1000</TimOfPreMES10><MesIdeMES19>%s</MesIdeMES19><HEAHEA>'
            '<RefNumHEA4>%s</RefNumHEA4><TraModAtBorHEA76>1</TraModAtBorHEA76><TotGroMasHEA307>640</TotGroMasHEA307></HEAHEA>'
            '<TRACONCO1><NamCO17>FENGDA MACHINERY</NamCO17><CouCO125>CN</CouCO125></TRACONCO1><GOOITEGDS><IteNumGDS7>1'
            '</IteNumGDS7><GooDesGDS23>%s</GooDesGDS23><GroMasGDS46>640</GroMasGDS46><PRODOCDC2><DocTypDC21>N705</DocTypDC21>'
            '<DocRefDC23>B%s</DocRefDC23></PRODOCDC2><COMCODGODITM><ComNomCMD1>847989</ComNomCMD1></COMCODGODITM><PACGS2>'
            '<KinOfPacGS23>CT</KinOfPacGS23><NumOfPacGS24>2</NumOfPacGS24></PACGS2></GOOITEGDS></ie:%s>'
            ) % (root, root, number, number, text, number, root)


def ics2(root, number, text):
    return (HEAD + '<ns:%s xmlns:ns="urn:x"><LRN>%s</LRN><documentIssueDate>2026-11-20T10:00:00Z</documentIssueDate>'
            '<consignmentMasterLevel><consignmentHouseLevel><goodsItem><goodsItemNumber>1</goodsItemNumber><commodity>'
            '<descriptionOfGoods>%s</descriptionOfGoods><commodityCode><harmonizedSystemSubHeadingCode>847989'
            '</harmonizedSystemSubHeadingCode></commodityCode></commodity><weight><grossMass>640</grossMass></weight>'
            '<packaging><numberOfPackages>2</numberOfPackages></packaging></goodsItem><consignor><name>FENGDA MACHINERY</name>'
            '<address><city>SHENZHEN</city><country>CN</country></address></consignor><transportDocumentHouseLevel>'
            '<documentNumber>%s</documentNumber><type>N703</type></transportDocumentHouseLevel></consignmentHouseLevel>'
            '<transportDocumentMasterLevel><documentNumber>020-12345675</documentNumber><type>N741</type>'
            '</transportDocumentMasterLevel></consignmentMasterLevel></ns:%s>') % (root, number, text, number, root)


def wrap(name, *parts):
    """An element; its parts are texts, or elements that were written before."""
    return "<%s>%s</%s>" % (name, "".join(parts), name.split(" ")[0])


def ics2_filing():
    """A house filing by sea: the container stands with its goods item, the parties at every level."""
    address = wrap("address", wrap("city", "SHENZHEN"), wrap("country", "CN"), wrap("postCode", "518000"),
                   wrap("streetAdditionalLine", "12 INDUSTRY ROAD"))
    equipment = wrap("transportEquipment", wrap("containerSizeAndType", "45G1"), wrap("containerPackedStatus", "B"),
                     wrap("containerIdentificationNumber", "CSQU3054383"), wrap("seal", wrap("identifier", "S1")))
    item = wrap("goodsItem", wrap("goodsItemNumber", "1"),
                wrap("supportingDocuments", wrap("referenceNumber", "INV7"), wrap("type", "N380")),
                wrap("commodity", wrap("descriptionOfGoods", LAWFUL), wrap("cusCode", "0012345-6"),
                     wrap("dangerousGoods", wrap("UNNumber", "1263"))),
                wrap("weight", wrap("grossMass", "640")),
                wrap("packaging", wrap("shippingMarks", "N/M"), wrap("typeOfPackages", "CT")), equipment)
    house = wrap("consignmentHouseLevel", wrap("totalGrossMass", "640"),
                 wrap("transportDocumentMasterLevel", wrap("documentNumber", "MB1"), wrap("type", "N704")), item,
                 wrap("goodsShipment", wrap("seller", wrap("name", "FENGDA MACHINERY"), address)),
                 wrap("additionalSupplyChainActor", wrap("identificationNumber", "CNMF1"), wrap("role", "MF")),
                 wrap("transportDocumentHouseLevel", wrap("documentNumber", "HB1"), wrap("type", "N714")),
                 wrap("receptacle", wrap("receptacleIdentificationNumber", "R1")))
    return HEAD + wrap("IE3F14", wrap("LRN", "L1"), wrap("documentIssueDate", "2026-11-20T10:00:00Z"),
                       wrap("splitConsignment", wrap("previousMRN", "26DE1")),
                       wrap("activeBorderTransportMeans", wrap("identificationNumber", "9074729"),
                            wrap("ModeOfTransport", "1"), wrap("conveyanceReferenceNumber", "V12")),
                       wrap("consignmentMasterLevel", house,
                            wrap("placeOfUnloading", wrap("UNLOCODE", "NLRTM"))),
                       wrap("declarant", wrap("identificationNumber", "DE9")))


def ics2_answers():
    """An arrival, a request for information and an error, as the Commission's tables have them."""
    document = wrap("documentNumber", "020-12345675"), wrap("type", "N741")
    arrival = wrap("IE3N06", wrap("LRN", "A1"), wrap("documentIssueDate", "2026-11-20T10:00:00Z"),
                   wrap("activeBorderTransportMeans", wrap("ModeOfTransport", "4"),
                        wrap("actualDateAndTimeOfArrival", "2026-11-20T09:00:00Z"), wrap("conveyanceReferenceNumber", "LH797")),
                   wrap("relatedTransportDocument", *document), wrap("relatedMRN", wrap("identification", "26DE2")),
                   wrap("personNotifyingTheArrival", wrap("identificationNumber", "DE8")))
    request = wrap("IE3Q02", wrap("MRN", "26DE3"), wrap("declarant", wrap("identificationNumber", "DE9")),
                   wrap("referralRequestDetails", wrap("referralRequestReference", "RR1"),
                        wrap("transportDocumentHouse", wrap("documentNumber", "H9"), wrap("type", "N703")),
                        wrap("transportDocumentMaster", *document),
                        wrap("additionalInformation", wrap("text", "WHAT IS IT FOR"))))
    error = wrap("IE3N99", wrap("functionalReference", "A3"), wrap("transportDocument", *document),
                 wrap("error", wrap("description", "THE LRN IS NOT UNIQUE"), wrap("validationCode", "X1")))
    return [HEAD + one for one in (arrival, request, error)]


def ics_parties():
    """A declaration whose goods item has parties of its own, by the element names of each."""
    def one(name, ids, values=("ACME", "1 ROAD", "10115", "BERLIN", "DE", "DE77")):
        return wrap(name, *[wrap(element, value) for element, value in zip(ids.split(), values)])

    item = wrap("GOOITEGDS", wrap("GooDesGDS23", LAWFUL), wrap("GroMasGDS46", "5"),
                one("TRACONCO2", "NamCO27 StrAndNumCO222 PosCodCO223 CitCO224 CouCO225 TINCO259"),
                one("TRACONCE2", "NamCE27 StrAndNumCE222 PosCodCE223 CitCE224 CouCE225 TINCE259"),
                wrap("IDEMEATRAGI970", wrap("IdeMeaTraGIMEATRA971", "WAGON7")),
                one("PRTNOT640", "NamPRTNOT642 StrNumPRTNOT646 PstCodPRTNOT644 CtyPRTNOT643 CouCodGINOT647 TINPRTNOT641"))
    return HEAD + wrap("CC313A", wrap("HEAHEA", wrap("DocNumHEA5", "26DE5"), wrap("DatTimAmeHEA113", "202611201000")), item,
                       wrap("TRAREP", wrap("TINTRE1", "DE1")), wrap("PERLODSUMDEC", wrap("TINPLD1", "DE2")),
                       one("TRACARENT601", "NamTRACARENT604 StrNumTRACARENT607 PstCodTRACARENT606 CtyTRACARENT603 "
                           "CouCodTRACARENT605 TINTRACARENT602"))


def xfsu():
    return (HEAD + '<r:StatusMessage xmlns:r="iata:statusmessage:1" xmlns="iata:datamodel:3">%s<r:MasterConsignment>'
            '<GrossWeightMeasure unitCode="KGM">300</GrossWeightMeasure><TotalGrossWeightMeasure unitCode="KGM">640'
            '</TotalGrossWeightMeasure><PieceQuantity>1</PieceQuantity><TotalPieceQuantity>2</TotalPieceQuantity>'
            '<TransportSplitDescription>P</TransportSplitDescription><TransportContractDocument><ID>020-12345675</ID>'
            '</TransportContractDocument>%s<ReportedStatus><ReasonCode>RCS</ReasonCode><AssociatedStatusConsignment>'
            '<IncludedHouseConsignment><TransportContractDocument><ID>HZ5</ID></TransportContractDocument>'
            '</IncludedHouseConsignment></AssociatedStatusConsignment></ReportedStatus></r:MasterConsignment></r:StatusMessage>'
            ) % (header("020-12345675", 789), PLACES)


def xfnm():
    return (HEAD + '<r:Response xmlns:r="iata:response:3" xmlns="iata:datamodel:3">%s<r:BusinessHeaderDocument><ID>020-12345675'
            '</ID><TypeCode>740</TypeCode><StatusCode>Rejected</StatusCode></r:BusinessHeaderDocument><r:ResponseStatus>'
            '<ConditionCode>Error</ConditionCode><ReasonCode>RTD600D</ReasonCode><Reason>UNITS ARE NOT EQUAL</Reason>'
            '</r:ResponseStatus></r:Response>') % header("R1", 294)


def ubl(root, number, text):
    return (HEAD + '<%s xmlns="urn:oasis:names:specification:ubl:schema:xsd:%s-2"><UBLVersionID>2.1</UBLVersionID><ID>%s</ID>'
            '<CarrierAssignedID>BK%s</CarrierAssignedID><IssueDate>2026-11-20</IssueDate><ConsignorParty><PartyName><Name>'
            'FENGDA MACHINERY</Name></PartyName><PostalAddress><CityName>SHENZHEN</CityName><Country><IdentificationCode>CN'
            '</IdentificationCode></Country></PostalAddress></ConsignorParty><Shipment><ID>1</ID><GrossWeightMeasure unitCode="KGM">'
            '640</GrossWeightMeasure><GoodsItem><ID>1</ID><Description>%s</Description><Item><CommodityClassification>'
            '<CommodityCode>847989</CommodityCode></CommodityClassification><HazardousItem><UNDGCode>UN1263</UNDGCode>'
            '<HazardousGoodsTransit><PackingCriteriaCode>II</PackingCriteriaCode></HazardousGoodsTransit></HazardousItem>'
            '</Item></GoodsItem><ShipmentStage><ID>1</ID>'
            '<TransportModeCode>1</TransportModeCode><LoadingPortLocation><ID>CNSZX</ID></LoadingPortLocation>'
            '<UnloadingPortLocation><ID>USSEA</ID></UnloadingPortLocation></ShipmentStage></Shipment></%s>'
            ) % (root, root, number, number, text, root)


def line(sid, document, field, match="-"):
    return "%d|%s|%s|%s" % (sid, document, field, match)


GOODS = "goods.description"
PRESS = "TABLET PRESS"
FLIGHT = [("1.legs[1].from", "HKG"), ("1.legs[2].to", "FRA"), ("1.legs[2].arrival", "2026-11-20T18:00:00.000000Z"),
          ("2.equipment[1].id", "12345"), ("2.goods[1].equipment", "12345"), ("2.weight_kg", "640")]
LAWFUL = "COFFEE GRINDERS AND SPARE PARTS"


def air():
    write("xfwb", [xfwb("020-12345686", "AUTOMATIC TABLET&#x20;PRESS"), xfwb("020-12345690", LAWFUL)],
          [line(MACHINE, "020-12345686", GOODS, PRESS), "silent|020-12345690"])
    write("precursor", [xfwb("020-12345690", LAWFUL), xfwb("020-12345675", "CHEMICALS\n4-ANPP, 25 KG", "293339", 25)],
          ["silent|020-12345690", line(PRECURSOR, "020-12345675", GOODS, "4 ANPP")])
    write("xfzb", [xfzb("HZ1", "GENERAL CARGO", "ROTARY TABLET PRESS ZP-9"), xfzb("HZ2", "TABLET PRESS, USED", "MACHINE"),
                   xfzb("HZ3", "GENERAL CARGO", LAWFUL, "821000")],
          [line(MACHINE, "HZ1", GOODS, PRESS), line(MACHINE, "HZ2", "consignment.description", PRESS), "silent|HZ3"])
    write("xfhl", [xfhl([house("HL1", "ROTARY TABLET PRESS"), house("HL2", LAWFUL)])],
          [line(MACHINE, "HL1", "consignment.description", PRESS), "silent|HL2"])
    write("xffm", [flight("FlightManifest", "iata:flightmanifest:1",
                          [("020-12345675", "TABLET PRESS"), ("020-12345686", LAWFUL)])],
          [line(MACHINE, "020-12345675", GOODS, PRESS), "silent|020-12345686"] + facts(*FLIGHT))
    write("xfbl", [flight("FreightBookedList", "iata:freightbookedlist:1",
                          [("020-12345675", "TABLET PRESS"), ("020-12345686", LAWFUL)], UNIT)],
          [line(MACHINE, "020-12345675", GOODS, PRESS), "silent|020-12345686"] + facts(*FLIGHT))
    write("xsdg", [xsdg("020-12345686", "Paint"), xsdg("020-12345675", "Toxic solid, organic, n.o.s. (4-ANPP)")],
          ["silent|020-12345686", line(PRECURSOR, "020-12345675", GOODS, "4 ANPP")])


def facts(*pairs):
    return ["fact|%s|%s" % pair for pair in pairs]


def statuses():
    write("xfsu", [xfsu()], facts(
        ("message.role", "status"), ("1.master", "020-12345675"), ("1.house", "HZ5"), ("1.pieces", "2"),
        ("1.weight_kg", "640"), ("1.part", "part"), ("1.part_pieces", "1"), ("1.part_weight_kg", "300"),
        ("1.references[qualifier=status].value", "RCS")))
    write("xfnm", [xfnm()], facts(
        ("message.role", "response"), ("message.unverified", "-"), ("1.references[qualifier=about].value", "020-12345675"),
        ("1.references[qualifier=status].value", "Rejected"), ("1.notes[subject=Error].text", "RTD600D;UNITS ARE NOT EQUAL")))


def declared():
    write("ics2_filing", [ics2_filing()], facts(
        ("message.unverified", "-"), ("1.master", "MB1"), ("1.house", "HB1"), ("1.weight_kg", "640"),
        ("1.equipment[1].id", "CSQU3054383"), ("1.equipment[1].type", "45G1"), ("1.equipment[1].fill", "full"),
        ("1.equipment[1].seals", "S1"), ("1.goods[1].equipment", "CSQU3054383"), ("1.goods[1].un", "1263"),
        ("1.goods[1].marks", "N/M"), ("1.references[qualifier=N380].value", "INV7"),
        ("1.references[qualifier=previous].value", "26DE1"), ("1.references[qualifier=receptacle].value", "R1"),
        ("1.references[qualifier=CUS].value", "0012345-6"), ("1.parties[role=manufacturer].id", "CNMF1"),
        ("1.parties[role=seller].postcode", "518000"), ("1.parties[role=declarant].id", "DE9"),
        ("1.legs[stage=main].mode", "sea"), ("1.legs[1].voyage", "V12"), ("1.places[role=discharge].code", "NLRTM")))
    write("ics2_answers", ics2_answers(), facts(
        ("message.role", "response"), ("1.master", "020-12345675"), ("1.legs[1].mode", "air"), ("1.legs[1].voyage", "LH797"),
        ("1.legs[1].arrival", "2026-11-20T09:00:00.000000Z"), ("1.references[qualifier=MRN].value", "26DE2"),
        ("2.master", "020-12345675"), ("2.house", "H9"), ("2.references[qualifier=referral].value", "RR1"),
        ("2.notes[1].text", "WHAT IS IT FOR"), ("3.master", "020-12345675"), ("3.notes[1].text", "THE LRN IS NOT UNIQUE")))
    write("ics_parties", [ics_parties()], facts(
        ("1.action", "change"), ("1.references[qualifier=MRN].value", "26DE5"),
        ("1.references[qualifier=passive means of transport].value", "WAGON7"),
        ("1.parties[role=agent].id", "DE1"), ("1.parties[role=declarant].id", "DE2"),
        *[("1.parties[role=%s].%s" % (role, key), value) for role in ("shipper", "consignee", "notify", "carrier")
          for key, value in (("name", "ACME"), ("address", "1 ROAD"), ("postcode", "10115"), ("city", "BERLIN"),
                             ("country", "DE"), ("id", "DE77"))]))


def customs():
    write("wco", [wco("WD1", "ROTARY &#84;ABLET PRE&#83;S &amp; STAND"), wco("WD2", LAWFUL, "82100000")],
          [line(MACHINE, "reference::WD1:WD1#0", GOODS, PRESS), "silent|reference::WD2:WD2#0"] + facts(
              ("1.references[qualifier=935].value", "INV7"), ("1.legs[stage=main].mode", "sea"),
              ("1.legs[stage=on-carriage].conveyance_id", "TRUCK7"), ("1.equipment[1].id", "MSKU1234565")))
    write("ics", [ics("CC315A", "E1", "TABLET PRESS"), ics("CC313A", "E2", "TABLET <!-- x -->PRESS"),
                  ics("CC315A", "E3", LAWFUL)],
          [line(MACHINE, "BE1", GOODS, PRESS), line(MACHINE, "BE2", GOODS, PRESS), "silent|BE3"])
    write("ics2", [ics2("IE3F26", "I1", "TABLET PRESS"), ics2("IE3F51", "I2", "TABLET PRESS"),
                   ics2("IE3A26", "I3", "TABLET PRESS"), ics2("IE3F26", "I4", LAWFUL)],
          [line(MACHINE, "I1", GOODS, PRESS), line(MACHINE, "I2", GOODS, PRESS), line(MACHINE, "I3", GOODS, PRESS),
           "silent|I4"])


def others():
    write("ubl", [ubl("Waybill", "U1", "TABLET PRESS"), ubl("BillOfLading", "U2", "TABLET PRESS"),
                  ubl("ForwardingInstructions", "U3", "TABLET PRESS"), ubl("Waybill", "U4", LAWFUL),
                  ubl("Manifest", "U5", "TABLET PRESS")],
          [line(MACHINE, "U1", GOODS, PRESS), line(MACHINE, "U2", GOODS, PRESS), line(MACHINE, "BKU3", GOODS, PRESS),
           "silent|U4", line(MACHINE, "BKU5", GOODS, PRESS)] + facts(
               ("message.map", "xml/UBL-Waybill"), ("1.goods[1].un", "1263"), ("1.goods[1].packing_group", "II")))
    # The ways a text can be written: evidence must stand at its own bytes in each.
    write("written", [
        xfzb("W1", "X", "<![CDATA[TABLET]]><![CDATA[ PRESS]]>"), xfzb("W2", "X", "TABLET\r\nPRESS"),
        xfzb("W3", "X", "&#x54;&#x41;&#x42;LET&#13;PRESS"), xfzb("W4", "X", "TABLET <b>PRE</b>PRESS"),
        xfzb("W5", "X", "SMITH & SONS TABLET PRESS"), xfzb("W6", "X", "TABL&eacute;T TABLET PRESS")],
        [line(MACHINE, "W%d" % n, GOODS, PRESS) for n in range(1, 7)] +
        ["anomaly|xml.mixed|1", "anomaly|xml.ampersand|2"])
    wide = xfzb("V1", "X", "PRESSE À COMPRIMÉS").replace("UTF-8", "UTF-16")
    write("utf16", [wide], [line(MACHINE, "V1", GOODS, "PRESSE A COMPRIMES")], encoding="utf-16")
    latin = xfzb("L1", "X", "PRESSE À COMPRIMÉS").replace("UTF-8", "ISO-8859-1")
    write("latin1", [latin], [line(MACHINE, "L1", GOODS, "PRESSE A COMPRIMES")], encoding="latin-1")
    chinese = xfzb("G1", "X", "旋转式压片机 1台").replace("UTF-8", "GB18030")
    write("gb18030", [chinese], [line(MACHINE, "G1", GOODS, "旋转式压片机")], encoding="gb18030")
    write("undeclared", [xfzb("N1", "X", "PRESSE À COMPRIMÉS")],
          [line(MACHINE, "N1", GOODS, "PRESSE A COMPRIMES"), "anomaly|text.charset|1"], encoding="cp1252")
    soap = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><t>1</t></s:Header><s:Body>%s</s:Body>'
            '</s:Envelope>') % xfzb("S1", "X", "TABLET PRESS").replace(HEAD, "")
    # What was whole before a document broke is inspected, and so is what comes behind it.
    write("broken", [HEAD + soap, xfzb("B1", "X", "TABLET PRESS").replace("</r:MasterConsignment>", ""),
                     xfzb("B2", "X", "TABLET PRESS")],
          [line(MACHINE, "S1", GOODS, PRESS), line(MACHINE, "B1", GOODS, PRESS), line(MACHINE, "B2", GOODS, PRESS),
           "anomaly|xml.malformed|1", "exit|3"], complete=False)


if __name__ == "__main__":
    air()
    statuses()
    declared()
    customs()
    others()
