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


def flight(root, space, waybills):
    cargo = "".join(
        '<IncludedMasterConsignment><GrossWeightMeasure unitCode="KGM">640</GrossWeightMeasure><TotalPieceQuantity>2'
        '</TotalPieceQuantity><SummaryDescription>%s</SummaryDescription><TransportSplitDescription>T'
        '</TransportSplitDescription><TransportContractDocument><ID>%s</ID></TransportContractDocument>%s'
        '</IncludedMasterConsignment>' % (text, number, PLACES) for number, text in waybills)
    return (HEAD + '<r:%s xmlns:r="%s" xmlns="iata:datamodel:3">%s<r:LogisticsTransportMovement><ID>LH797</ID>'
            '<DepartureEvent><OccurrenceDepartureLocation><ID>HKG</ID></OccurrenceDepartureLocation></DepartureEvent>'
            '</r:LogisticsTransportMovement><r:ArrivalEvent><OccurrenceArrivalLocation><ID>FRA</ID>'
            '</OccurrenceArrivalLocation><AssociatedTransportCargo><TypeCode>ULD</TypeCode>'
            '<UtilizedUnitLoadTransportEquipment><ID>12345</ID><CharacteristicCode>PMC</CharacteristicCode>'
            '</UtilizedUnitLoadTransportEquipment>%s</AssociatedTransportCargo></r:ArrivalEvent></r:%s>'
            ) % (root, space, header("F1", 122), cargo, root)


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
            '</Line></Address></Exporter><GoodsShipment><Consignment><TransportEquipment><ID>MSKU1234565</ID>'
            '</TransportEquipment></Consignment><Destination><CountryCode>GB</CountryCode></Destination>'
            '<GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric><StatisticalValueAmount currencyID="GBP">9000'
            '</StatisticalValueAmount><Commodity><Description>%s</Description><Classification><ID>%s</ID>'
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


def ubl(root, number, text):
    return (HEAD + '<%s xmlns="urn:oasis:names:specification:ubl:schema:xsd:%s-2"><UBLVersionID>2.1</UBLVersionID><ID>%s</ID>'
            '<CarrierAssignedID>BK%s</CarrierAssignedID><IssueDate>2026-11-20</IssueDate><ConsignorParty><PartyName><Name>'
            'FENGDA MACHINERY</Name></PartyName><PostalAddress><CityName>SHENZHEN</CityName><Country><IdentificationCode>CN'
            '</IdentificationCode></Country></PostalAddress></ConsignorParty><Shipment><ID>1</ID><GrossWeightMeasure unitCode="KGM">'
            '640</GrossWeightMeasure><GoodsItem><ID>1</ID><Description>%s</Description><Item><CommodityClassification>'
            '<CommodityCode>847989</CommodityCode></CommodityClassification></Item></GoodsItem><ShipmentStage><ID>1</ID>'
            '<TransportModeCode>1</TransportModeCode><LoadingPortLocation><ID>CNSZX</ID></LoadingPortLocation>'
            '<UnloadingPortLocation><ID>USSEA</ID></UnloadingPortLocation></ShipmentStage></Shipment></%s>'
            ) % (root, root, number, number, text, root)


def line(sid, document, field, match="-"):
    return "%d|%s|%s|%s" % (sid, document, field, match)


GOODS = "goods.description"
PRESS = "TABLET PRESS"
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
          [line(MACHINE, "020-12345675", GOODS, PRESS), "silent|020-12345686"])
    write("xfbl", [flight("FreightBookedList", "iata:freightbookedlist:1",
                          [("020-12345675", "TABLET PRESS"), ("020-12345686", LAWFUL)])],
          [line(MACHINE, "020-12345675", GOODS, PRESS), "silent|020-12345686"])
    write("xsdg", [xsdg("020-12345686", "Paint"), xsdg("020-12345675", "Toxic solid, organic, n.o.s. (4-ANPP)")],
          ["silent|020-12345686", line(PRECURSOR, "020-12345675", GOODS, "4 ANPP")])


def customs():
    write("wco", [wco("WD1", "ROTARY &#84;ABLET PRE&#83;S &amp; STAND"), wco("WD2", LAWFUL, "82100000")],
          [line(MACHINE, "reference::WD1:WD1#0", GOODS, PRESS), "silent|reference::WD2:WD2#0"])
    write("ics", [ics("CC315A", "E1", "TABLET PRESS"), ics("CC313A", "E2", "TABLET <!-- x -->PRESS"),
                  ics("CC315A", "E3", LAWFUL)],
          [line(MACHINE, "BE1", GOODS, PRESS), line(MACHINE, "BE2", GOODS, PRESS), "silent|BE3"])
    write("ics2", [ics2("IE3F26", "I1", "TABLET PRESS"), ics2("IE3F51", "I2", "TABLET PRESS"),
                   ics2("IE3A26", "I3", "TABLET PRESS"), ics2("IE3F26", "I4", LAWFUL)],
          [line(MACHINE, "I1", GOODS, PRESS), line(MACHINE, "I2", GOODS, PRESS), line(MACHINE, "I3", GOODS, PRESS),
           "silent|I4"])


def others():
    write("ubl", [ubl("Waybill", "U1", "TABLET PRESS"), ubl("BillOfLading", "U2", "TABLET PRESS"),
                  ubl("ForwardingInstructions", "U3", "TABLET PRESS"), ubl("Waybill", "U4", LAWFUL)],
          [line(MACHINE, "U1", GOODS, PRESS), line(MACHINE, "U2", GOODS, PRESS), line(MACHINE, "BKU3", GOODS, PRESS),
           "silent|U4"])
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
    customs()
    others()
